"""The one road to a vendor: an intent is already on the disk, the call is made, the result is written."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from oncall_tui.domain.action import Action
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.text import clean_line
from oncall_tui.domain.verb import Verb
from oncall_tui.journal.errors import JournalError
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.response.intent import Intent, results
from oncall_tui.response.report import Outcome, Settled
from oncall_tui.sources.actors import Actor, ActOutcome, ActResult

OnSettled = Callable[[Mapping[str, Settled]], None]


class Sender:
    """Sends actions whose intents are written, one bulk call per source, and records what came of them."""

    def __init__(
        self,
        journal: JournalKeeper,
        actors: Mapping[SourceName, Actor],
        clock: Callable[[], datetime],
        actor: str,
    ) -> None:
        self._journal = journal
        self._actors = actors
        self._clock = clock
        self._actor = actor
        self._in_flight: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[Mapping[str, Settled]]] = set()
        self._has_let_go = False

    def let_go(self) -> None:
        """The program ends and cuts its connections: what breaks off from now on has no result.

        Its intent stays open, and the next start looks at it. Written down as failed it would be given up.
        """
        self._has_let_go = True

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

    async def send(self, intents: Sequence[Intent], on_settled: OnSettled | None = None) -> Mapping[str, Settled]:
        """The outcome of every intent by its request id; ``on_settled`` hears of each call as it is answered.

        When the caller is cancelled the calls go on and their results are still written: what was begun at a vendor
        cannot be taken back, only recorded.
        """
        calls: dict[tuple[SourceName, Action], list[Intent]] = {}
        for intent in intents:
            calls.setdefault((intent.source, intent.action), []).append(intent)
        tasks = [asyncio.create_task(self._settle(*call, group)) for call, group in calls.items()]
        self._tasks.update(tasks)
        for task in tasks:
            task.add_done_callback(self._tasks.discard)
        settled: dict[str, Settled] = {}
        for answer in asyncio.as_completed(tasks):
            news = await answer
            settled.update(news)
            if on_settled is not None:
                on_settled(news)
        return settled

    async def record(self, pairs: Sequence[tuple[Intent, Settled]]) -> Mapping[str, Settled]:
        """Write results; one that cannot be written stays true and carries the warning in its reason."""
        try:
            await self._journal.append_all(results(pairs, self._actor, self._clock()))
        except JournalError as error:
            return {intent.request_id: _with_warning(settled, error) for intent, settled in pairs}
        return {intent.request_id: settled for intent, settled in pairs}

    async def _settle(self, source: SourceName, action: Action, intents: Sequence[Intent]) -> Mapping[str, Settled]:
        with self.busy_with(intents):
            begun_at = min((one.begun_at for one in intents if one.begun_at is not None), default=None)
            targets = list(dict.fromkeys(intent.target for intent in intents))
            answers = await self._answers(source, action, targets, begun_at)
            pairs = [(one, _settled(source, one.target, answers)) for one in intents]
            known = [pair for pair in pairs if not self._has_let_go or pair[1].outcome is not Outcome.FAILED]
            return {one.request_id: settled for one, settled in pairs} | dict(await self.record(known))

    async def _answers(
        self, source: SourceName, action: Action, targets: Sequence[str], begun_at: datetime | None
    ) -> Mapping[str, ActResult]:
        try:
            return await self._actors[source].act(action, targets, begun_at)
        except Exception as error:  # A fault in one client must not leave the others' results unwritten.
            # Not its words, which may quote a request with its token.
            kind = type(error).__name__
            reason = f"the client of {source} broke off: {kind}; look at the alert in {source} itself"
            return {one: ActResult(one, ActOutcome.FAILED, reason, may_have_arrived=True) for one in targets}


def _settled(source: SourceName, target: str, answers: Mapping[str, ActResult]) -> Settled:
    answer = answers.get(target)
    if answer is None:
        reason = f"{source} said nothing about {target}; look at it there"
        return Settled(source, Outcome.FAILED, reason, may_have_arrived=True)
    by = clean_line(answer.by) if answer.by else None
    made = answer.id if answer.id != target else ""
    return Settled(source, Outcome(answer.outcome.value), clean_line(answer.reason), by, answer.may_have_arrived, made)


def _with_warning(settled: Settled, error: JournalError) -> Settled:
    warning = f"the result is not in the journal, so it may be asked for again after a restart ({error})"
    reason = "; ".join(word for word in (settled.reason, warning) if word)
    return replace(settled, reason=reason)
