"""The keys of a run: those that work on what is under the cursor, and all of them with what they do."""

from textual.content import Content

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.model import Section, StepKind
from oncall_tui.runbook.run.states import State
from oncall_tui.ui.present.runbook.document import SECTION
from oncall_tui.ui.present.runbook.page import is_escalatable
from oncall_tui.ui.present.runbook.scene import Scene
from oncall_tui.ui.present.runbook.wrapping import lines_of

_KEYS = (
    ("j k ↑ ↓", "go from step to step; g G to the first, the last; pgup pgdn scroll"),
    (
        "enter",
        "run the step, ask the check, tick the box, open the branch; what changes something is asked about first",
    ),
    ("space", "show all of the command and of its output"),
    ("n", "go to the step that comes next"),
    ("p", "pick a row of what the step printed"),
    ("v", "values of all parameters, where each comes from; enter changes one"),
    ("d", "dry run: rehearse the step, or show what it would run"),
    ("m", "do it myself: copy the command, tick it as done, paste its result"),
    ("s", "skip the step, with a reason"),
    ("o", "go on against what the runbook says, with a reason"),
    ("c  ctrl+c", "cancel what runs"),
    ("u", "list what was changed, the newest first, and take it back"),
    ("w", "take the run over from whoever drives it"),
    ("a", "agree to a step that somebody else is about to run, where somebody of your role has to"),
    ("e", "escalate the alert, where the runbook proposes it: who would be paged is named first"),
    ("f", "show what has changed in the file since the run was begun"),
    ("x", "end the run"),
    ("esc", "leave; what runs goes on"),
)
_SIGNS = (
    ("○", "not started", "$dim"),
    ("●", "running", "bold $mark"),
    ("✓", "done, or a check below its limits", "$health-up"),
    ("▲", "a check over warn", "$health-degraded"),
    ("■", "a check over crit", "$health-down"),
    ("✗", "failed, cancelled or timed out", "$error"),
    ("!", "done, and what it should have changed did not change", "$warning"),
    ("?", "unknown: no data, or begun and its end not recorded", "$health-unknown"),
    ("»", "skipped", "$dim"),
)
_WIDEST = 10


def help_lines(width: int) -> Content:
    """All keys and signs on ``width`` cells; what goes on on the next line stands under what it explains."""
    keys = [line for key, told in _KEYS for line in _explained(key, "bold $bright", told, width)]
    signs = [line for sign, told, style in _SIGNS for line in _explained(sign, style, told, width)]
    return Content("\n").join([*keys, Content(), *signs])


def _explained(what: str, style: str, told: str, width: int) -> list[Content]:
    lines = lines_of(Content.styled(told, "$foreground"), width - _WIDEST - 1)
    leads = [(f"{what:<{_WIDEST}} ", style), *((" " * (_WIDEST + 1), "") for _ in lines[1:])]
    return [Content.assemble(lead, line) for lead, line in zip(leads, lines, strict=True)]


def hints(scene: Scene, is_read_only: bool, can_pick: bool, is_other: bool = False) -> list[tuple[str, str]]:
    """What works now, the most likely first; ``is_other``: the file says something else by now."""
    run = scene.run
    found = [*_on_cursor(scene, is_read_only)] if not run.pages.is_read_only else _looking_on(scene)
    if can_pick and not run.pages.is_read_only and run.record.unit(scene.cursor).state is State.DONE:
        found.insert(0, ("p", "pick a row"))
    is_busy = bool(run.running) or any(one.next_at is not None for one in scene.waiting.values())
    if is_busy:
        found.append(("ctrl+c", "cancel"))
    if run.changes() and not run.pages.is_read_only:
        found.append(("u", "undo"))
    if is_other:
        found.append(("f", "file"))
    found += [("?", "keys"), ("esc", "leave running" if is_busy else "leave")]
    if run.runbook.params:
        found.append(("v", "values"))
    found.append(("n", "next"))
    may_end = not (run.record.closed or run.pages.is_read_only or is_busy)
    # The banner with the proposal names the key as well: where there is no room, the others go first.
    escalates = [("e", "escalate")] if is_escalatable(scene) and not is_read_only else []
    return [*found, *([("x", "end the run")] if may_end else []), *escalates]


def enters(scene: Scene, section: Section) -> str | None:
    """What enter does on the heading of a section, in a word: ``open``, ``verify`` or ``fold``; None for nothing."""
    if scene.is_folded(section):
        return "open"
    if section.verify is not None:
        return "verify"
    return "fold" if section.slug in scene.opened else None


def _looking_on(scene: Scene) -> list[tuple[str, str]]:
    role = scene.plan.role if scene.plan is not None and not scene.run.record.closed else ""
    return [*([("a", f"agree as {clean_line(role, 30)}")] if role else []), ("w", "take over")]


def _on_cursor(scene: Scene, is_read_only: bool) -> list[tuple[str, str]]:
    run, cursor = scene.run, scene.cursor
    if run.record.closed:
        return []
    if cursor.startswith(SECTION):
        slug = cursor.removeprefix(SECTION)
        section = next((one for one in run.runbook.sections if one.slug == slug), None)
        word = None if section is None else enters(scene, section)
        return [] if word is None else [("enter", word)]
    plan = scene.plan
    if plan is None:
        return [("enter", "tick"), ("s", "skip")] if cursor else []
    state = run.state_of(cursor)
    if state is State.RUNNING:
        return []
    may_run = not (is_read_only and plan.danger > Danger.READ)
    verb = "ask" if plan.step.kind is StepKind.PROMQL else "run again" if state is State.DONE else "run step"
    if state is State.UNKNOWN:
        verb = "say how it ended"
    rest = [("s", "skip"), ("d", "dry run"), ("m", "do it myself")]
    against = [("o", "go all the same")] if plan.advice.startswith("not indicated") and plan.blocked else []
    return [*([("enter", verb)] if may_run else []), *against, *rest]
