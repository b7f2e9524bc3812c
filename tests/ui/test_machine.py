"""Whatever is pressed, told, broken and resized in whatever order: the screen is never empty of state, an act goes to
what was seen, and nothing reaches a source that is not in the journal before."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from oncall_tui.domain.alert import Status
from oncall_tui.domain.query import matching
from oncall_tui.domain.service import Health
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import Situation
from oncall_tui.ui.screens.dialogs import Question
from oncall_tui.ui.screens.forms import Form
from oncall_tui.ui.screens.view import View
from tests.ui.machine_world import World, titles_in
from tests.unit.builders import PAGERDUTY, PROMETHEUS

NUMBERS = st.integers(0, 9)
SEVERITIES = st.sampled_from([Severity.P1, Severity.P2, Severity.P3])
STATUSES = st.sampled_from([Status.FIRING, Status.FIRING, Status.ACKNOWLEDGED])
SOURCES = st.sampled_from([PAGERDUTY, PROMETHEUS])
SIZES = st.sampled_from([(120, 36), (80, 24), (200, 60), (109, 31), (40, 10)])
MOVES = st.lists(st.sampled_from(["j", "j", "k", "g", "G"]), min_size=1, max_size=3)

VERBS = st.sampled_from(["a", "a", "n", "z"])
FILLED = st.sampled_from(
    [["h", "i", "enter"], ["j", "enter"], ["enter"], ["tab", "3", "0", "m", "enter"], ["h", "escape"], ["escape"]]
)

Result = TypeVar("Result")


class Night(RuleBasedStateMachine):
    """One session at the screen."""

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._folder = Path(tempfile.mkdtemp(prefix="oncall-night-"))
        self.asked: set[str] = set()
        """What the open question is about, as it stood on the screen when the key was pressed."""

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self._runner.run(work)

    async def _new_world(self) -> World:
        world = World(self._folder)
        await world.begin()
        return world

    @initialize(numbers=st.sets(NUMBERS, min_size=2, max_size=6), severity=SEVERITIES)
    def open(self, numbers: set[int], severity: Severity) -> None:
        self.world = self.run(self._new_world())
        for one in numbers:
            self.world.incident(one, severity)
        for source in (PAGERDUTY, PROMETHEUS):
            self.world.tell(source)
        self.run(self.world.press("2"))

    def teardown(self) -> None:
        try:
            if hasattr(self, "world"):
                self.run(self.world.end())
        finally:
            self._runner.close()
            shutil.rmtree(self._folder)

    # What the sources tell

    @rule(number=NUMBERS, severity=SEVERITIES, status=STATUSES)
    def an_incident_comes_or_changes(self, number: int, severity: Severity, status: Status) -> None:
        self.world.incident(number, severity, status)
        self._tell(PAGERDUTY)

    @rule(number=NUMBERS, severity=SEVERITIES)
    def a_rule_fires(self, number: int, severity: Severity) -> None:
        self.world.rule(number, severity)
        self._tell(PROMETHEUS)

    @rule(numbers=st.sets(NUMBERS, min_size=1))
    def troubles_are_over(self, numbers: set[int]) -> None:
        for one in numbers:
            self.world.incidents.pop(one, None)
            self.world.rules.pop(one, None)
        self.world.tell(PROMETHEUS)
        self._tell(PAGERDUTY)

    @rule(source=SOURCES)
    def a_source_fails(self, source: Any) -> None:
        self.world.failing.add(source)
        self._tell(source)

    @rule(source=SOURCES)
    def a_source_answers(self, source: Any) -> None:
        self.world.failing.discard(source)
        self._tell(source)

    def _tell(self, source: Any) -> None:
        self.world.tell(source)
        self.run(self.world.settle())

    @rule(seconds=st.sampled_from([0.4, 2, 130]))
    def time_passes(self, seconds: float) -> None:
        self.world.clock.forward(timedelta(seconds=seconds))

    @rule(says_yes=st.booleans())
    def the_pager_makes_up_its_mind(self, says_yes: bool) -> None:
        self.world.pager.says_yes = says_yes

    @rule()
    def the_pager_lets_one_wait(self) -> None:
        self.world.pager.may_answer.clear()

    @rule()
    def the_pager_answers(self) -> None:
        self.world.pager.may_answer.set()
        self.run(self.world.settle())

    # What somebody presses

    @rule(size=SIZES)
    def the_terminal_is_resized(self, size: tuple[int, int]) -> None:
        self.run(self.world.resize(*size))

    @precondition(lambda self: not self._is_asked())
    @rule(keys=MOVES)
    def move(self, keys: list[str]) -> None:
        self.run(self.world.press(*keys))

    @precondition(lambda self: not self._is_asked())
    @rule(key=st.sampled_from(["space", "space", "M"]))
    def mark(self, key: str) -> None:
        self.run(self.world.press(key))

    @precondition(lambda self: not self._is_asked())
    @rule(key=st.sampled_from(["2", "2", "2", "1", "5", "s", "enter", "escape", "escape"]))
    def look_elsewhere(self, key: str) -> None:
        self.run(self.world.press(key))

    @precondition(lambda self: not self._is_asked() and self.world.table is not None)
    @rule(number=NUMBERS, end=st.sampled_from(["enter", "escape"]))
    def filter(self, number: int, end: str) -> None:
        if not self.world.app.is_too_small:
            self.run(self.world.press("slash", *f"{number}", end))

    @precondition(lambda self: not self._is_asked())
    @rule(keys=MOVES, verb=VERBS)
    def act(self, keys: list[str], verb: str) -> None:
        """What stands on the screen as the key goes down is meant."""
        self.run(self.world.press(*keys))
        self._act(verb)

    @precondition(lambda self: not self._is_asked())
    @rule(verb=VERBS, source=SOURCES, number=NUMBERS, severity=SEVERITIES, is_over=st.booleans())
    def act_as_a_picture_comes(self, verb: str, source: Any, number: int, severity: Severity, is_over: bool) -> None:
        """So it is when in that very moment rows come and go above it, and under it."""
        self._act(verb, lambda: self._changed(source, number, severity, is_over))

    @precondition(lambda self: not self._is_asked())
    @rule(keys=MOVES, verb=st.sampled_from(["n", "z"]))
    def begin_a_form(self, keys: list[str], verb: str) -> None:
        """In the list of alerts, where the verbs are at home."""
        self.run(self.world.press("2", *keys))
        self._act(verb)

    def _changed(self, source: Any, number: int, severity: Severity, is_over: bool) -> None:
        held = self.world.incidents if source == PAGERDUTY else self.world.rules
        if is_over:
            held.pop(number, None)
        else:
            (self.world.incident if source == PAGERDUTY else self.world.rule)(number, severity)
        self.world.tell(source)

    def _act(self, verb: str, meanwhile: Callable[[], None] = lambda: None) -> None:
        world = self.world
        table = world.table
        marked = table.marked if table is not None else frozenset()
        seen = {one.title for one in world.app.situation.alerts if one.id in marked} or self.run(world.seen_at_cursor())
        meanwhile()
        self.run(world.press(verb))
        begun = self.run(world.begun())
        assert set(begun) <= seen, "acted on what was not seen"
        assert len(begun) == len(set(begun)), "begun twice"
        if self._is_asked():
            assert begun == [], "begun before the question was answered"
            self.asked = seen
            question = world.app.screen
            assert isinstance(question, Question | Form)
            assert titles_in(question._body.plain) <= seen

    @precondition(lambda self: isinstance(self.world.app.screen, Question))
    @rule(key=st.sampled_from(["y", "y", "n", "escape"]))
    def answer(self, key: str) -> None:
        self._answer([key], says_yes=key == "y")

    @precondition(lambda self: isinstance(self.world.app.screen, Form))
    @rule(keys=FILLED)
    def fill_in(self, keys: list[str]) -> None:
        """A note is what is typed; a snooze is one of the choices, or a time of one's own."""
        self._answer(keys, says_yes=keys[-1] == "enter")

    def _answer(self, keys: list[str], *, says_yes: bool) -> None:
        can_act = says_yes and not self.world.app.is_too_small
        self.run(self.world.press(*keys))
        begun = self.run(self.world.begun())
        assert set(begun) <= (self.asked if can_act and not self._is_asked() else set())
        assert len(begun) == len(set(begun)), "begun twice"
        assert not (self.asked and can_act) or begun or self._is_asked() or self._all_pending_before

    @property
    def _all_pending_before(self) -> bool:
        """Nothing is begun only when there is an answer to everything already waited for."""
        return self.world.pager.waiting > 0

    def _is_asked(self) -> bool:
        return isinstance(self.world.app.screen, Question | Form)

    # What always holds

    @invariant()
    def nothing_reaches_a_source_without_an_intent(self) -> None:
        if hasattr(self, "world"):
            assert self.world.pager.unannounced == []
            assert "broke off" not in self._told_last(), "a pager that cannot be asked shows nothing"
            assert self.run(self.world.begun()) == [], "begun by no key"

    def _told_last(self) -> str:
        return "\n".join(str(one.message) for one in self.world.app._notifications)

    @invariant()
    def the_view_is_never_empty_of_state(self) -> None:
        if not hasattr(self, "world"):
            return
        world, app = self.world, self.world.app
        assert app.is_running
        if app.is_too_small or not isinstance(app.screen, View):
            assert self.run(world.text()).strip()
            return
        situation, table = app.situation, world.table
        assert situation.verdict.reason
        failing = [one.source for one in situation.freshness if one.failing_since is not None]
        assert not failing or situation.verdict.health is not Health.UP
        assert all(one in situation.verdict.reason for one in failing)
        if table is not None:
            wanted = table.wanted
            found = situation.alerts if wanted is None else matching(situation.alerts, wanted, app.now())
            assert {one.id for one in table.rows} == {one.id for one in found}
            lines = self.run(world.drawn(table))
            if table.rows:
                assert titles_in("\n".join(lines)), "there are rows, and none is drawn"
            else:
                assert _words_for_nothing(situation, table.filter_text) in "\n".join(lines)

    @invariant()
    def what_is_over_is_not_shown_and_what_is_there_is(self) -> None:
        if not hasattr(self, "world"):
            return
        shown = {one.title for one in self.world.app.situation.alerts}
        if not self.world.failing:
            assert shown == {f"trouble {one}" for one in {*self.world.incidents, *self.world.rules}}


def _words_for_nothing(situation: Situation, filter_text: str) -> str:
    """What stands in the place of alerts: nothing there, nothing found, and nobody who says so are never told alike."""
    if filter_text and situation.alerts:
        return f"No alert matches {filter_text}"
    if any(one.is_stale(situation.taken_at) for one in situation.freshness):
        return "Nothing was shouting when "
    return "Nothing is shouting."


EXAMPLES = int(os.environ.get("ONCALL_EXAMPLES", "0"))
"""So many runs by chance, instead of few that are always the same."""

_SETTINGS = settings(
    # Some 25 s on two cores that others use as well.
    max_examples=EXAMPLES or 12,
    stateful_step_count=30,
    derandomize=not EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_whatever_happens_in_whatever_order() -> None:
    run_state_machine_as_test(Night, settings=_SETTINGS)
