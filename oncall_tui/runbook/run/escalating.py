"""What a runbook proposes to escalate to. Nothing escalates by itself: somebody confirms it, or does not."""

from dataclasses import dataclass

from oncall_tui.runbook.run.known import Known


@dataclass(frozen=True, slots=True)
class Proposal:
    """A severity that the facts call for."""

    to: str
    """``P1`` to ``P5``."""
    because: str
    """The facts: ``cpu 95 > 90``."""

    def __str__(self) -> str:
        return f"{self.to} is indicated: {self.because}"


def proposals(known: Known) -> tuple[Proposal, ...]:
    """What is indicated now, in the order of the runbook; what cannot be told is not."""
    return tuple(
        Proposal(one.to, known.decide(one.when).because) for one in known.runbook.escalate if known.ask(one.when)
    )
