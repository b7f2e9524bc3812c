"""One silence for several alerts at a real Alertmanager: RE2 takes the expressions, and they match what is meant."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oncall_tui.domain.alert import Status, labels_at_vendor
from oncall_tui.domain.covering import covering
from oncall_tui.domain.silence import Silence
from oncall_tui.sources.actors import ActOutcome
from tests.integration.servers import start_alertmanager
from tests.integration.test_alertmanager_source import CONFIG, Wired, _until

pytestmark = pytest.mark.integration

MARKED = [
    "a.b",
    "c|d",
    "(e)",
    "[f]",
    "{g}",
    "^h$",
    "i*",
    "j+",
    "k?",
    "\\l\\d",
    "\\Q",
    'say "m"',
    "n\no\tp",
    "é 💥 #&~-",
    "red \x1b[31m",
]
DECOYS = ["axb", "c", "d", "e", "f", "g", "h", "", "i", "ii", "jj", "j", "k", "\\l7", "aa.b", "a.bb", "n", "é"]
"""What an expression that is not escaped, or not anchored, would match as well."""


async def test_the_matchers_cover_the_marked_and_nothing_that_only_looks_like_them(tmp_path: Path) -> None:
    with start_alertmanager(tmp_path, CONFIG) as server:
        wired = Wired(server.url)
        for number, value in enumerate([*MARKED, *DECOYS]):
            # Fields of one alert alone, which the silence leaves out.
            alone = {f"only_{number}": "1"} if number % 2 else {}
            wired.fire("Errors", value=value, **alone)
        source = wired.source()
        try:
            count = len(MARKED) + len(DECOYS)
            known = await _until(source, lambda alerts: len(alerts) == count)
            marked = [one for one in known if labels_at_vendor(one).get("value") in MARKED]
            assert len(marked) == len(MARKED)
            matchers = covering([labels_at_vendor(one) for one in marked]).matchers
            assert [one.name for one in matchers] == ["alertname", "value"]
            covered = {one.ref for one in await source.covered_by(matchers)}
            assert covered == {one.ref for one in marked}
            now = datetime.now(UTC)
            made = await source.silence(Silence(matchers, now, now + timedelta(hours=1), "known", "jo"))
            assert made.outcome is ActOutcome.CONFIRMED
            muted = await _until(source, lambda alerts: any(one.status is Status.SILENCED for one in alerts))
            assert {one.ref for one in muted if one.status is Status.SILENCED} == covered
        finally:
            await source.close()
