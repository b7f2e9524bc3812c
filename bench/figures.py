"""Figures, and the table they are told in."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile; ``share`` from 0 to 1."""
    ranked = sorted(values)
    return ranked[max(ceil(share * len(ranked)) - 1, 0)]


@dataclass(frozen=True, slots=True)
class Target:
    """What is wanted: at most so many times the baseline, at most so much, or both."""

    ratio: float | None = None
    most: float | None = None

    def words(self, unit: str) -> str:
        """``<= 1.5x, <= 50 ms``."""
        parts = [f"<= {self.ratio:g}x"] if self.ratio is not None else []
        parts += [f"<= {self.most:g} {unit}"] if self.most is not None else []
        return ", ".join(parts) or "–"


NO_TARGET = Target()


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured for us, and for a baseline where there is one."""

    what: str
    against: str
    ours: float
    baseline: float | None
    unit: str
    samples: int
    target: Target = NO_TARGET

    @property
    def ratio(self) -> float | None:
        return None if self.baseline is None else self.ours / self.baseline

    @property
    def verdict(self) -> str:
        """``pass``, ``miss``, or a dash where nothing is wanted."""
        if self.target == NO_TARGET:
            return "–"
        is_near = self.target.ratio is None or (self.ratio is not None and self.ratio <= self.target.ratio)
        is_small = self.target.most is None or self.ours <= self.target.most
        return "pass" if is_near and is_small else "**miss**"

    def row(self) -> str:
        """A row of a Markdown table."""
        cells = (
            self.what,
            self.against or "–",
            _amount(self.ours, self.unit),
            "–" if self.baseline is None else _amount(self.baseline, self.unit),
            "–" if self.ratio is None else f"{self.ratio:.2f}x",
            self.target.words(self.unit),
            self.verdict,
            str(self.samples),
        )
        return f"| {' | '.join(cells)} |"


def of_medians(
    what: str, against: str, ours: Sequence[float], baseline: Sequence[float], target: Target = NO_TARGET
) -> Figure:
    """Medians of seconds, compared in milliseconds."""
    return Figure(what, against, median(ours) * 1_000, median(baseline) * 1_000, "ms", len(ours), target)


def markdown(figures: Sequence[Figure]) -> str:
    """All of them as a Markdown table."""
    head = "| what | against | ours | baseline | ratio | target | result | samples |"
    return "\n".join([head, "|---|---|---:|---:|---:|---|---|---:|", *(one.row() for one in figures)])


def _amount(value: float, unit: str) -> str:
    return f"{value:.2f} {unit}" if abs(value) < 10 else f"{value:.1f} {unit}"
