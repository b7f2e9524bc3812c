"""A journal that others write to is foreign text like any other: what is read from it is plain."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oncall_tui.assembly import open_rooms
from oncall_tui.config.load import load
from tests.nasty.journal import TEXTS, write_hostile
from tests.nasty.test_sources import assert_plain

pytestmark = pytest.mark.parametrize("announcement", ["words"], indirect=True)


async def test_what_a_hostile_journal_tells_is_plain_text(config: Path, environ: Mapping[str, str]) -> None:
    settings = load(config)
    now = datetime.now(UTC)
    rooms = await open_rooms(settings, environ=environ)
    refs = [record.ref for alert in (await rooms.look()).alerts for record in alert.records]
    await rooms.close()
    assert settings.journal.path is not None
    write_hostile(settings.journal.path, now, refs)

    rooms = await open_rooms(settings, environ=environ, clock=lambda: now + timedelta(seconds=1))
    try:
        await rooms.read_own_acknowledgements()
        situation = await rooms.look()
        unsent, reports = await rooms.unsent(), await rooms.recover()
    finally:
        await rooms.close()
    assert_plain(situation)
    assert any(alert.is_acknowledged_here_only for alert in situation.alerts)
    assert_plain([(one.intent, one.at) for one in unsent])
    assert len(unsent) == 3 * len(TEXTS)
    assert_plain(reports)
    assert reports
