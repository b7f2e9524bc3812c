"""Every source against every fault of ``faults``: what it says, that nothing leaks, and that it mends by itself."""

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from oncall_tui.domain.action import Acknowledge
from oncall_tui.domain.alert import SourceKind
from oncall_tui.domain.text import clean_line
from oncall_tui.sources.actors import Actor, ActOutcome
from oncall_tui.sources.base import Report, Source
from oncall_tui.sources.retry import NO_RETRY
from tests.contract.certificates import Certificates, make
from tests.contract.faults import FAULTS
from tests.contract.gate import gate_before
from tests.contract.kinds import KINDS, NO_PAUSE, TOKEN, Kind
from tests.contract.making import known_name
from tests.contract.stage import ELSEWHERE, SHORT_S, Fault, Stage
from tests.contract.vendor_server import NOW, vendor_server

_TRIES = 5
"""With limits of a quarter of a second a loaded machine may miss one; with ten seconds the first try must do."""


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(params=FAULTS, ids=str)
def fault(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fault]:
    """The fault under test; its time limits pass in a quarter of a second."""
    found: Fault = request.param
    if found.is_timed:
        monkeypatch.setattr("oncall_tui.sources.connection.seconds", lambda _: SHORT_S)
    yield found


@pytest.fixture
async def stage(kind: Kind, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    """A vendor in trouble behind a gate that is closed."""

    def certificates() -> Certificates:
        found: Certificates = request.getfixturevalue("certificates")
        return found

    async with (
        vendor_server(kind.answers("")) as vendor,
        vendor_server() as thief,
        gate_before(urlsplit(vendor.url).port or 0) as gate,
    ):
        yield Stage(vendor, gate, thief, certificates, monkeypatch, kind.answers)


@pytest.fixture
async def faced(kind: Kind, fault: Fault, stage: Stage) -> AsyncIterator[Source]:
    """A source that meets the fault."""
    source = _source(kind, fault, stage)
    await fault.begin(stage)
    yield source
    await source.close()


def _source(kind: Kind, fault: Fault, stage: Stage, **more: Any) -> Source:
    url = f"{'https' if fault.is_tls else 'http'}://{fault.host}:{stage.gate.port}"
    settings = dict(fault.settings) | ({"ca_file": stage.certificates().authority} if fault.is_tls else {})
    return kind.build(url, retry=NO_RETRY if fault.is_timed else NO_PAUSE, **settings, **more)


async def _mend(fault: Fault, kind: Kind, stage: Stage) -> None:
    """The vendor is well again."""
    stage.vendor.behaviour, stage.vendor.now, stage.vendor.answers = None, NOW, kind.answers("")
    if fault.host == ELSEWHERE:
        known_name(stage.patch)
    await stage.gate.open(context=stage.certificates().context("good") if fault.is_tls else None)


async def _polled(source: Source, fault: Fault) -> Report:
    """A report with the words of the fault; under such short limits a loaded machine may be slow in other ways."""
    report = await source.poll()
    for _ in range(_TRIES if fault.is_timed else 0):
        if report.failure is None or all(words in report.failure.message for words in fault.says):
            break
        report = await source.poll()
    return report


async def _recovered(source: Source, fault: Fault) -> Report:
    report = await source.poll()
    for _ in range(_TRIES if fault.is_timed else 0):
        if report.failure is None:
            break
        report = await source.poll()
    return report


async def test_a_fault_is_told_in_words_and_mends_by_itself(
    faced: Source, fault: Fault, kind: Kind, stage: Stage
) -> None:
    """The report has the kind and the words of the row, no token, and the next good answer brings the records."""
    report = await _polled(faced, fault)
    assert TOKEN not in repr(report)
    if fault.kind is None:
        _holds_records(report, fault)
    else:
        _tells(report, fault, stage)
    assert stage.thief.requests == []
    await _mend(fault, kind, stage)
    report = await _recovered(faced, fault)
    assert report.failure is None
    assert report.records and report.records.alerts
    assert not any("clock" in warning for warning in report.records.warnings)
    assert all(TOKEN in request.headers["Authorization"] for request in stage.vendor.requests)


@pytest.mark.parametrize("kind", [one for one in KINDS if one.kind is SourceKind.PROMETHEUS], ids=str)
async def test_the_client_of_prometheus_alone_tells_the_same(kind: Kind, fault: Fault, stage: Stage) -> None:
    """Queries do not go over the wire of the others: without alerts there are only they."""
    source = _source(kind, fault, stage, alerts=False)
    await fault.begin(stage)
    report = await _polled(source, fault)
    assert TOKEN not in repr(report)
    if fault.kind is None:
        assert report.records and report.records.services
    else:
        _tells(report, fault, stage)
    assert stage.thief.requests == []
    await _mend(fault, kind, stage)
    report = await _recovered(source, fault)
    assert report.records and report.records.services
    assert report.skew == 0
    await source.close()


async def test_the_doctor_survives_every_fault(faced: Source) -> None:
    """``check`` tells what is wrong instead of raising it, and without the token."""
    findings = await faced.check()
    assert findings
    assert TOKEN not in repr(findings)
    for finding in findings:
        assert clean_line(finding.what) == finding.what


@pytest.mark.parametrize("kind", [one for one in KINDS if one.kind is SourceKind.PAGERDUTY], ids=str)
async def test_an_acknowledge_that_fails_says_why(faced: Source, fault: Fault) -> None:
    """One result for every id, whatever happens on the wire; nothing is taken for acknowledged that is not."""
    assert isinstance(faced, Actor)
    results = await faced.act(Acknowledge(), ["PINC1", "PINC2"])
    assert set(results) == {"PINC1", "PINC2"}
    assert TOKEN not in repr(results)
    result = results["PINC1"]
    if fault.kind is None and fault.name != "unknown-words":
        assert result.outcome is ActOutcome.ALREADY
    elif fault.name == "404":
        assert result.outcome is ActOutcome.GONE
    else:
        assert result.outcome is ActOutcome.FAILED
        assert fault.host in result.reason or "did not say how this incident stands" in result.reason


def _holds_records(report: Report, fault: Fault) -> None:
    assert report.failure is None
    assert report.records and report.records.alerts
    assert any(fault.shows in alert.title for alert in report.records.alerts)
    said = " ".join(report.records.warnings)
    assert [words for words in fault.says if words not in said] == []


def _tells(report: Report, fault: Fault, stage: Stage) -> None:
    failure = report.failure
    assert report.records is None and failure is not None
    assert failure.kind == fault.kind, failure
    assert f"{fault.host}:{stage.gate.port}" in failure.message
    assert [words for words in fault.says if words not in failure.message] == [], failure
    assert [words for words in fault.advises if words not in failure.hint] == [], failure
    assert failure.retry_after == fault.retry_after
    assert clean_line(failure.message) == failure.message


async def test_the_longest_answer_can_be_set(kind: Kind, stage: Stage) -> None:
    """Two megabytes are too long where one is the limit, and are not where it is not."""
    source, patient = (kind.build(f"http://127.0.0.1:{stage.gate.port}", max_answer_mib=longest) for longest in (1, 2))
    stage.vendor.answers = {path: _padded(answer) for path, answer in stage.vendor.answers.items()}
    await stage.gate.open()
    report, other = await source.poll(), await patient.poll()
    await source.close()
    await patient.close()
    assert report.failure is not None
    assert "longer than 1 MiB" in report.failure.message
    assert "`max_answer_mib`" in report.failure.hint
    assert other.failure is None


def _padded(answer: Any) -> Any:
    """The same with more than a megabyte of what nobody reads."""
    if isinstance(answer, list):
        return [_padded(one) for one in answer]
    return answer | {"nobody reads this": "x" * 1_100_000} if isinstance(answer, dict) else answer


def test_every_fault_has_a_name_of_its_own() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
