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
class Comparison:
    """One thing measured for us and for the baseline, in milliseconds, and how often."""

    what: str
    against: str
    ours: float
    baseline: float
    samples: int
    target: str

    @property
    def ratio(self) -> float:
        return self.ours / self.baseline

    def row(self) -> str:
        """A row of a Markdown table."""
        cells = (
            self.what,
            self.against,
            f"{self.ours:.1f} ms",
            f"{self.baseline:.1f} ms",
            f"{self.ratio:.2f}x",
            self.target,
            str(self.samples),
        )
        return f"| {' | '.join(cells)} |"


def of_medians(what: str, against: str, ours: Sequence[float], baseline: Sequence[float], *, target: str) -> Comparison:
    """Medians of seconds, compared."""
    return Comparison(what, against, median(ours) * 1_000, median(baseline) * 1_000, len(ours), target)


def markdown(comparisons: Sequence[Comparison]) -> str:
    """All of them as a Markdown table."""
    head = "| what | against | ours | baseline | ratio | target | samples |\n|---|---|---:|---:|---:|---|---:|"
    return "\n".join([head, *(one.row() for one in comparisons)])
