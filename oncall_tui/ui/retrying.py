"""What failed, sent again: looked for first where its source can say if it was done, asked about where it cannot."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from oncall_tui.domain.action import Action
from oncall_tui.domain.alert import Alert
from oncall_tui.response.intent import can_be_looked_for
from oncall_tui.ui.acts import Failed, these
from oncall_tui.ui.screens.dialogs import Question

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp

_LISTED = 10


async def retry(app: "OncallApp", failed: Sequence[Failed]) -> None:
    """Send each the very same. What cannot be looked for is sent after a question; what has no action is told."""
    ready = {one.id for one in app.acting.ready(list({one.alert.id: one.alert for one in failed}.values()))}
    again: dict[tuple[Action, datetime | None], list[Failed]] = {}
    by_hand: list[Failed] = []
    for one in failed:
        if one.act.action is None:
            by_hand.append(one)
        elif one.alert.id in ready:
            again.setdefault((one.act.action, one.act.begun_at), []).append(one)
    if by_hand and ready:
        verbs = " and ".join(dict.fromkeys(str(one.act.verb) for one in by_hand))
        app.say(f"Look whether it was done, and ask for it anew: a {verbs} is not sent again from here.")
    for (action, begun_at), group in again.items():
        send = partial(app.acting.start, action, [one.alert for one in group], begun_at)
        if can_be_looked_for(action):
            send()
        else:
            await _ask(app, action, group, send)


async def _ask(app: "OncallApp", action: Action, group: Sequence[Failed], send: partial[None]) -> None:
    targets = [one.alert for one in group]
    title = f"{str(action.verb).capitalize()} {these(targets)} again?"
    question = Question(title, _body(targets, group[0].act.reason), str(action.verb), targets)
    await app.push_screen(question, lambda yes: send() if yes else None)


def _body(targets: Sequence[Alert], reason: str) -> Content:
    told = "Whether it was done cannot be found out: if it was, the same people are paged once more."
    lines = [Content.styled(reason, "$error"), Content.styled(told, "$warning"), Content()]
    lines += [Content.styled(one.headline, "$foreground") for one in targets[:_LISTED]]
    if len(targets) > _LISTED:
        lines.append(Content.styled(f"and {len(targets) - _LISTED} more", "$dim"))
    return Content("\n").join(lines)
