"""How the file of a run differs from the text that is run: the lines, and the steps that they touch."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from oncall_tui.domain.text import clean
from oncall_tui.runbook.model import Lines, Runbook, Step
from oncall_tui.runbook.options import Guard, Parameter

MOST_COMPARED = 4_000
"""Lines of either side, without what both begin and end with: comparing takes the product of both at worst."""
MOST_SHOWN = 1_500
GUARDS = "the guards"
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """What the file says now, against the text that is run."""

    lines: tuple[str, ...] = ()
    """A unified diff, cleaned; without the two lines that name its sides."""
    touched: tuple[str, ...] = ()
    """The ids of the steps of the run that are another thing in the file, or are gone from it; last ``GUARDS``, where
    those are other ones."""
    added: tuple[str, ...] = ()
    """The ids of the steps that the file alone has."""
    problem: str = ""
    """Why there is nothing to compare: it cannot be read, or is too long."""
    refused: str = ""
    """The first error of the file where it could not be run as it is now."""


def difference(begun: Runbook, now: Runbook) -> Difference:
    """What has changed since ``begun`` was read. Blocks for up to a second."""
    old, new = begun.source.splitlines(), now.source.splitlines()
    before, after = _shared(old, new)
    if max(len(old), len(new)) - before - after > MOST_COMPARED:
        return Difference(problem=f"more than {MOST_COMPARED:,} lines are not what they were: too many to compare")
    inner = old[before : len(old) - after], new[before : len(new) - after]
    changes = [one for one in difflib.SequenceMatcher(None, *inner, autojunk=False).get_opcodes() if one[0] != "equal"]
    gone = [(before + first + 1, before + last) for _, first, last, _, _ in changes]
    come = [(before + first + 1, before + last) for _, _, _, first, last in changes]
    touched = [
        one
        for one in begun.steps
        # Of a file with errors only its lines tell: its values and keys may be lost.
        if _is_touched(one.lines, gone) or (not now.is_refused and _is_other(one, begun, now))
    ]
    added = [one.id for one in now.steps if _is_touched(one.lines, come) and begun.step(one.id) is None]
    lines = tuple(_unified(old, new))
    shown = lines if len(lines) <= MOST_SHOWN else (*lines[:MOST_SHOWN], f"… {len(lines) - MOST_SHOWN:,} lines more")
    refused = f"line {now.errors[0].line}: {now.errors[0].problem}" if now.is_refused else ""
    guards = (GUARDS,) if _guards(begun) != _guards(now) and not now.is_refused else ()
    return Difference(shown, (*(one.id for one in touched), *guards), tuple(added), refused=refused)


def _shared(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many lines both begin with, and how many they end with."""
    most = min(len(old), len(new))
    before = next((at for at in range(most) if old[at] != new[at]), most)
    most -= before
    after = next((at for at in range(most) if old[-1 - at] != new[-1 - at]), most)
    return before, after


def _is_touched(lines: Lines, changed: Iterable[tuple[int, int]]) -> bool:
    """Whether a change stands in these lines; one that only adds (its first is after its last) has to be inside."""
    return any(
        first <= lines.last and last >= lines.first if first <= last else lines.first < first <= lines.last
        for first, last in changed
    )


def _is_other(step: Step, begun: Runbook, now: Runbook) -> bool:
    """Whether a named step means another thing: its keys stand above it, and what it names somewhere else."""
    is_named = not step.id.removeprefix("s").isdigit()
    found = now.step(step.id)
    if not is_named or found is None:
        return is_named
    names = {name.partition(".")[0] for name in step.uses.values()}
    has_other_values = any(
        _parameter(begun, name) != _parameter(now, name) or begun.lets.get(name) != now.lets.get(name) for name in names
    )
    return has_other_values or _placeless(step) != _placeless(found)


def _parameter(book: Runbook, name: str) -> Parameter | None:
    found = book.params.get(name)
    return replace(found, line=0) if found is not None else None


def _guards(book: Runbook) -> list[Guard]:
    return [replace(one, line=0) for one in book.guards]


def _placeless(step: Step) -> Step:
    """A step without where it stands."""
    nowhere = Lines(0, 0)
    commands = tuple(replace(one, line=0) for one in step.commands)
    rehearsal = _placeless(step.rehearsal) if step.rehearsal is not None else None
    return replace(step, commands=commands, lines=nowhere, section=0, rehearsal=rehearsal)


def _unified(old: Sequence[str], new: Sequence[str]) -> Iterable[str]:
    """Lines of a unified diff, what is around a change with it."""
    for at, line in enumerate(difflib.unified_diff(old, new, lineterm="", n=3)):
        if at >= 2:
            yield clean(line, _LONGEST).expandtabs(4)
