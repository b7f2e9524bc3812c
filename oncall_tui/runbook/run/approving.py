"""Who agreed to a step that somebody else has to agree to, and whether that counts.

Nothing here can be enforced against the operator of this machine: real enforcement is in the credentials of the steps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from oncall_tui.domain.text import clean_line
from oncall_tui.journal.event import Json
from oncall_tui.runbook.run.record import Record

RECORDED = "recorded by whoever agreed"
STATED = "stated by the operator"


@dataclass(frozen=True, slots=True)
class Approvals:
    """Who may agree to what."""

    roles: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """``[runbooks.roles]``: those who have a role, as ``ada`` or ``user:ada``."""
    is_shared: bool = False
    """Whether others write to the same journal: then what the operator states does not count."""

    def has(self, actor: str, role: str) -> bool:
        """Whether somebody has a role."""
        return _bare(actor) in {_bare(one) for one in self.roles.get(role, ())}

    def holders(self, role: str) -> str:
        """Those who have a role, in words."""
        names = ", ".join(self.roles.get(role, ()))
        return f"those who are {role}: {names}" if names else f"[runbooks.roles] names nobody for {role}"


@dataclass(frozen=True, slots=True)
class Agreed:
    """An approval that counts."""

    role: str
    by: str
    how: str

    def to_json(self) -> Json:
        """As the intent holds it."""
        return {"role": self.role, "by": self.by, "how": self.how}


@dataclass(frozen=True, slots=True)
class Lacking:
    """No approval counts: why not, in words."""

    reason: str


def agreement(
    approvals: Approvals, record: Record, digest: str, role: str, operator: str, stated: str
) -> Agreed | Lacking:
    """Who agreed to what has this digest.

    Args:
        operator: the actor who is about to start it: one's own word does not count.
        stated: who agreed, as the operator states it.
    """
    written = sorted(actor for one, actor, of in record.approved if (one, of) == (digest, role))
    others = [actor for actor in written if _bare(actor) != _bare(operator)]
    for actor in others:
        if approvals.has(actor, role):
            return Agreed(role, actor, RECORDED)
    stated = clean_line(stated, 200).strip()
    if stated and not (problem := _objection(approvals, role, operator, stated)):
        return Agreed(role, stated, STATED)
    reasons = [f"somebody who is {role} has to agree first ({approvals.holders(role)})"]
    reasons += [f"{actor} agreed, who is not {role}: that does not count" for actor in others]
    reasons += [problem] if stated else []
    return Lacking("; ".join(reasons))


def _objection(approvals: Approvals, role: str, operator: str, stated: str) -> str:
    if approvals.is_shared:
        return "what is stated does not count where the journal is shared: they agree in their own session"
    if _bare(stated) == _bare(operator):
        return "one's own word does not count"
    if approvals.roles.get(role) and not approvals.has(stated, role):
        return f"{stated} is not {role}: that does not count"
    return ""


def _bare(actor: str) -> str:
    return actor.strip().removeprefix("user:")
