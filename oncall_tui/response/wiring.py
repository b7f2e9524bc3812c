"""The responder over the sources that there are: who carries out which verbs."""

import os
from collections.abc import Iterable

from oncall_tui.domain.ids import SourceName
from oncall_tui.journal.keeper import JournalKeeper
from oncall_tui.journal.ulid import Ulids
from oncall_tui.response.declaring import ActsByDeclaring
from oncall_tui.response.responder import Responder
from oncall_tui.response.silencing import ActsBySilencing
from oncall_tui.sources.actors import Account, Actor, Silencer
from oncall_tui.sources.base import Clock, Source


def responder_of(sources: Iterable[Source], journal: JournalKeeper, clock: Clock, actor: str) -> Responder:
    """A responder for everything that any of ``sources`` can do; ``actor`` is who it is done by, ``user:ana``."""
    author = actor.removeprefix("user:")
    actors: dict[SourceName, Actor] = {}
    for source in sources:
        if isinstance(source, Silencer):
            actors[source.name] = ActsBySilencing(source, author)
        elif isinstance(source, Actor):
            actors[source.name] = ActsByDeclaring(source, source) if isinstance(source, Account) else source
    return Responder(journal, actors, clock, actor, Ulids(clock, os.urandom))
