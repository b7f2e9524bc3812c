"""The one road to a vendor: an intent is already on the disk, the call is made, the result is written."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial

from oncall_tui.domain.action import Action, Note
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.text import clean_line
from oncall_tui.domain.verb import Verb
from oncall_tui.journal.errors import JournalError
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.response.intent import Intent, can_wait, results
from oncall_tui.response.report import Outcome, Settled
from oncall_tui.sources.actors import Actor, ActOutcome, ActResult, Finds
from oncall_tui.sources.course import Course, Waiting, wait_for_event
from oncall_tui.sources.errors import SourceError

OnSettled = Callable[[Mapping[str, Settled]], None]
OnRest = Callable[[SourceName, float], None]


_LOOKED_FOR = "It may have arrived, and is looked for before it is sent again."


class Sender:
    """Sends actions whose intents are written, one bulk call per source, and records what came of them."""

    def __init__(
        self,
        journal: JournalKeeper,
        actors: Mapping[SourceName, Actor],
        clock: Callable[[], datetime],
        actor: str,
        wait: Waiting = wait_for_event,
    ) -> None:
        self._journal = journal
        self._actors = actors
        self._clock = clock
        self._actor = actor
        self._wait = wait
        self._in_flight: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[Mapping[str, Settled]]] = set()
        self._courses: set[Course] = set()
        self._has_let_go = False

    def stop(self) -> int:
        """Begin nothing more of what is being sent; how many calls that stops."""
        running = [course for course in self._courses if not course.is_stopped]
        for course in running:
            course.stop()
        return len(running)

    def let_go(self) -> None:
        """The program ends and cuts its connections: what breaks off from now on has no result.

        Its intent stays open, and the next start looks at it. Written down as failed it would be given up.
        """
        self._has_let_go = True
        self.stop()

    async def written(self, seconds: float) -> None:
        """Wait so long at most for the results of what is being sent."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    def is_in_flight(self, request_id: str) -> bool:
        """Whether this very process is busy with the action."""
        return self._in_flight[request_id] > 0

    @contextmanager
    def busy_with(self, intents: Iterable[Intent]) -> Iterator[None]:
        """Marks actions as in flight: the outbox leaves them alone."""
        request_ids = Counter(intent.request_id for intent in intents)
        self._in_flight += request_ids
        try:
            yield
        finally:
            self._in_flight -= request_ids

    def can(self, source: SourceName, verb: Verb) -> bool:
        """Whether the source carries out the verb."""
        actor = self._actors.get(source)
        return actor is not None and verb in actor.verbs

    async def send(
        self, intents: Sequence[Intent], on_settled: OnSettled | None = None, on_rest: OnRest | None = None
    ) -> Mapping[str, Settled]:
        """The outcome of every intent by its request id; ``on_settled`` hears of results once they are written.

        When the caller is cancelled the calls go on and their results are still written: what was begun at a vendor
        cannot be taken back, only recorded.
        """
        calls: dict[object, list[Intent]] = {}
        for intent in intents:
            # A note is looked for from its own beginning on: an older one that is alike is another one.
            begun_at = intent.begun_at if isinstance(intent.action, Note) else None
            calls.setdefault((intent.source, intent.action, begun_at), []).append(intent)
        tell, rest = on_settled or _unheard, on_rest or _unheard
        tasks = [
            asyncio.create_task(self._settle(group[0].source, group[0].action, group, tell, rest))
            for group in calls.values()
        ]
        self._tasks.update(tasks)
        for task in tasks:
            task.add_done_callback(self._tasks.discard)
        settled: dict[str, Settled] = {}
        for answer in asyncio.as_completed(tasks):
            settled.update(await answer)
        return settled

    async def find(self, intent: Intent) -> ActResult | None:
        """What became of an attempt whose answer was lost, where its source can tell without changing anything."""
        actor: object = self._actors.get(intent.source)
        if not isinstance(actor, Finds):
            return None
        try:
            return await actor.find(intent.action, intent.target)
        except SourceError:  # Whoever reads that it is unknown is sent to look there.
            return None

    async def record(self, pairs: Sequence[tuple[Intent, Settled]]) -> Mapping[str, Settled]:
        """Write results; one that cannot be written stays true and carries the warning in its reason."""
        try:
            await self._journal.append_all(results(pairs, self._actor, self._clock()))
        except JournalError as error:
            return {intent.request_id: with_warning(settled, error) for intent, settled in pairs}
        return {intent.request_id: settled for intent, settled in pairs}

    async def _settle(
        self, source: SourceName, action: Action, intents: Sequence[Intent], tell: OnSettled, on_rest: OnRest
    ) -> Mapping[str, Settled]:
        """One call: what arrives while it goes on is written in batches, as fast as the disk takes them."""
        with self.busy_with(intents):
            news = _News()
            course = Course(news.hear, partial(on_rest, source), self._wait)
            self._courses.add(course)
            call = asyncio.create_task(self._answers(source, action, intents, course))
            call.add_done_callback(news.end)
            settled: dict[str, Settled] = {}
            try:
                while (answers := await news.next()) is not None:
                    settled.update(await self._recorded(source, intents, settled, answers, course, tell))
            finally:
                self._courses.discard(course)
            rest = await self._recorded(source, intents, settled, call.result(), course, tell, is_last=True)
            return settled | rest

    async def _recorded(
        self,
        source: SourceName,
        intents: Sequence[Intent],
        before: Mapping[str, Settled],
        answers: Mapping[str, ActResult],
        course: Course,
        tell: OnSettled,
        *,
        is_last: bool = False,
    ) -> dict[str, Settled]:
        """Write what ``answers`` say of those without a result, and tell of it; at last of every one that is left."""
        left = [one for one in intents if one.request_id not in before and (is_last or one.target in answers)]
        pairs = [(one, self._outcome(source, one, answers.get(one.target), course)) for one in left]
        known = [(one, settled) for one, settled in pairs if not self._is_cut_off(one, settled)]
        news = {one.request_id: settled for one, settled in pairs}
        if known:
            news.update(await self.record(known))
        if news:
            tell(news)
        return news

    def _is_cut_off(self, intent: Intent, settled: Settled) -> bool:
        """Whether the end of the program took the answer away: it is the next start that finds out."""
        is_open = settled.may_have_arrived or can_wait(intent.action)
        return self._has_let_go and settled.outcome is Outcome.FAILED and is_open

    def _outcome(self, source: SourceName, intent: Intent, answer: ActResult | None, course: Course) -> Settled:
        if answer is None:
            reason = f"{source} said nothing about {intent.target}; look at it there"
            return Settled(source, Outcome.FAILED, reason, may_have_arrived=True)
        # What was lost before stays so until it was looked for.
        is_lost = answer.may_have_arrived or intent.may_have_arrived
        is_unwanted = course.is_stopped and not self._has_let_go
        if answer.may_wait and can_wait(intent.action) and not is_unwanted:
            why = clean_line(f"{answer.held_by} {_LOOKED_FOR if is_lost else ''}")
            return Settled(
                source, Outcome.WAITING, why, None, is_lost, wait_s=answer.wait_s, is_theirs=answer.is_theirs
            )
        by = clean_line(answer.by) if answer.by else None
        made = answer.id if answer.id != intent.target else ""
        outcome = Outcome(answer.outcome.value)
        return Settled(source, outcome, clean_line(answer.reason), by, is_lost and outcome is Outcome.FAILED, made)

    async def _answers(
        self, source: SourceName, action: Action, intents: Sequence[Intent], course: Course
    ) -> Mapping[str, ActResult]:
        begun_at = min((one.begun_at for one in intents if one.begun_at is not None), default=None)
        targets = list(dict.fromkeys(intent.target for intent in intents))
        try:
            return await self._actors[source].act(action, targets, begun_at, course)
        except Exception as error:  # A fault in one client must not leave the others' results unwritten.
            # Not its words, which may quote a request with its token.
            kind = type(error).__name__
            reason = f"the client of {source} broke off: {kind}; look at the alert in {source} itself"
            return {one: ActResult(one, ActOutcome.FAILED, reason, may_have_arrived=True) for one in targets}


class _News:
    """Results as they arrive, until the call ends."""

    def __init__(self) -> None:
        self._arrived: dict[str, ActResult] = {}
        self._is_over = False
        self._wake = asyncio.Event()

    def hear(self, result: ActResult) -> None:
        self._arrived[result.id] = result
        self._wake.set()

    def end(self, _: object) -> None:
        """The call has ended: what it returns holds everything."""
        self._is_over = True
        self._wake.set()

    async def next(self) -> Mapping[str, ActResult] | None:
        """What has arrived since the last time; None once the call has ended."""
        await self._wake.wait()
        self._wake.clear()
        arrived, self._arrived = self._arrived, {}
        return None if self._is_over else arrived


def _unheard(*_: object) -> None:
    """Nobody listens."""


def with_warning(settled: Settled, error: JournalError) -> Settled:
    """What is true, and that it could not be written down."""
    warning = f"the result is not in the journal, so it may be asked for again after a restart ({error})"
    reason = "; ".join(word for word in (settled.reason, warning) if word)
    return replace(settled, reason=reason)
