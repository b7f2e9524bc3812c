"""An incident declared from the screen: service, title, priority, and a question that says whom it pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual.content import Content

from oncall_tui.domain.action import Action, Create
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.pager import PageableService, Priority, paged_in_words
from oncall_tui.domain.text import clean_line
from oncall_tui.domain.verb import Verb
from oncall_tui.response.report import ActReport
from oncall_tui.sources.errors import SourceError
from oncall_tui.ui.rooms import Rooms
from oncall_tui.ui.screens.dialogs import Question
from oncall_tui.ui.screens.forms import BadEntry, Field, Form

if TYPE_CHECKING:
    from oncall_tui.sources.actors import Account
    from oncall_tui.ui.app import OncallApp

_TITLE_LIMIT = 1_024
"""Characters of a title that PagerDuty takes."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A service of an account, with the priorities that an incident on it can have."""

    source: SourceName
    account: "Account"
    service: PageableService
    priorities: tuple[Priority, ...]


async def propose(app: "OncallApp") -> None:
    """Ask on which service, what is wrong and how bad it is, and at last whether it is meant; esc leaves all as it is.

    The accounts are asked first what services they have; one that does not answer is told of, and the others offered.
    """
    rooms = app.acting.rooms
    if rooms is None or not rooms.accounts:
        missing = "No source takes incidents: configure a PagerDuty account."
        app.say(missing if rooms is not None else "Not ready: the sources are still being opened.", is_bad=True)
        return
    places = [place for name, one in rooms.accounts.items() for place in await _places(app, name, one)]
    if not places:
        app.say("There is no service that an incident could be opened on.", title="Nothing was done", is_bad=True)
        return
    drafts: list[tuple[str, Action]] = [(_in_words(one, rooms), Create("", one.service.id)) for one in places]

    def chosen(draft: Action | None) -> None:
        # By the object: two accounts may have services of the same id.
        place = next((one for one, (_, made) in zip(places, drafts, strict=True) if made is draft), None)
        if place is not None and isinstance(draft, Create):
            _ask_title(app, place, draft)

    body = Content.styled("The pager pages whoever is on call for it: that is said before it is created.", "$dim")
    form = Form("New incident: on which service?", body, "choose", choices=drafts, search="letters of a service")
    await app.push_screen(form, chosen)


async def _places(app: "OncallApp", source: SourceName, account: "Account") -> Sequence[_Place]:
    try:
        services = await account.pageable_services()
        priorities = tuple(await account.priorities())
    except SourceError as error:
        app.say(f"{error} {error.hint}".strip(), title=f"{source} is missing here", is_bad=True)
        return ()
    return [_Place(source, account, one, priorities) for one in services]


def _in_words(place: _Place, rooms: Rooms) -> str:
    return f"{place.service.name}  {place.source}" if len(rooms.accounts) > 1 else place.service.name


def _ask_title(app: "OncallApp", place: _Place, draft: Create) -> None:
    def read(text: str) -> Create:
        title = clean_line(text, 2 * _TITLE_LIMIT)
        if not title:
            raise BadEntry("Write what is wrong: whoever is paged reads it.")
        if len(title) > _TITLE_LIMIT:
            raise BadEntry(f"PagerDuty takes {_TITLE_LIMIT:,} characters: write less.")
        return replace(draft, title=title)

    def written(action: Action | None) -> None:
        if isinstance(action, Create):
            _ask_priority(app, place, action)

    body = _line("service", place.service.name)
    app.push_screen(Form("New incident: what is wrong?", body, "next", field=Field("a title", read)), written)


def _ask_priority(app: "OncallApp", place: _Place, draft: Create) -> None:
    def chosen(action: Action | None) -> None:
        if isinstance(action, Create):
            work = _confirm(app, place, action)
            app.run_worker(work, group="command", exit_on_error=False, description="incident.create")

    if not place.priorities:
        chosen(draft)
        return
    choices: list[tuple[str, Action]] = [("no priority", draft)]
    choices += [
        (f"{one.name}  {one.description}".strip(), replace(draft, priority=one.name)) for one in place.priorities
    ]
    body = Content("\n").join([_line("service", place.service.name), _line("title", draft.title)])
    app.push_screen(Form("New incident: how bad is it?", body, "next", choices=choices), chosen)


async def _confirm(app: "OncallApp", place: _Place, action: Create) -> None:
    """The last question: at which account, and whom it pages."""
    try:
        pages = _line("pages", paged_in_words(await place.account.paged_for(place.service)))
    except SourceError as error:
        pages = Content.styled(f"It is not known whom it pages: {error} {error.hint}".strip(), "$warning")
    settings = app.config.sources.get(place.source)
    lines = [
        _line("account", f"{place.source}  {settings.url}" if settings is not None else place.source),
        _line("service", place.service.name),
        _line("title", action.title),
        _line("priority", action.priority or "none"),
        pages,
    ]
    question = Question("Create this incident?", Content("\n").join(lines), "create and page")
    await app.push_screen(question, lambda yes: _begin(app, place.source, action) if yes else None)


def _begin(app: "OncallApp", source: SourceName, action: Create) -> None:
    async def send(rooms: Rooms) -> Sequence[ActReport]:
        return [await rooms.create(source, action)]

    app.acting.begin(Verb.CREATE, (), send, what=f"at {source}", at=source)


def _line(label: str, text: str) -> Content:
    return Content.assemble((f"{label:<9} ", "$dim"), (text, "$bright"))
