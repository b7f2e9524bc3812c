"""What every source promises, whatever vendor it speaks to (``sources.base.Source``)."""

import asyncio
import dataclasses
import socket
from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import Enum
from time import monotonic

import pytest

from oncall_tui.domain.situation import Failure
from oncall_tui.domain.text import clean
from oncall_tui.sources.base import CheckState, Source
from tests.contract.kinds import TOKEN, Kind
from tests.contract.vendor_server import NOW, Behaviour, VendorServer, echo, json_of, page, redirect, status

HOSTILE = "\x1b]0;PWNED\x07[/]\u202e\ud83d\ude00\x9b31m" + "e\u0301\u0301\u0301\u0301\u0301\u0301"
HOSTILE = HOSTILE.encode("utf-16", "surrogatepass").decode("utf-16")


async def _failure(source: Source) -> Failure:
    report = await source.poll()
    assert report.records is None
    assert report.failure is not None
    assert TOKEN not in repr(report)
    assert report.failure.message
    return report.failure


async def test_a_poll_gives_the_records_of_a_vendor_in_trouble(source: Source, kind: Kind) -> None:
    report = await source.poll()
    assert report.failure is None
    assert report.records
    assert (report.source, report.kind) == (source.name, kind.kind)
    assert report.fetched_at.utcoffset() == timedelta(0)
    for record in report.records.alerts:
        assert record.ref == f"{source.name}/{record.id}"
        assert record.since.utcoffset() == timedelta(0)
        assert record.since <= NOW
        assert record.title
    assert report.records.alerts


async def test_a_vendor_with_nothing_to_tell_is_empty_and_not_failed(
    source: Source, vendor: VendorServer, kind: Kind
) -> None:
    vendor.answers = kind.empty
    report = await source.poll()
    assert report.failure is None
    assert report.records is not None
    assert not report.records


async def test_what_a_poll_costs_is_counted(source: Source, vendor: VendorServer) -> None:
    assert source.spending.sent == 0
    await source.poll()
    assert source.spending.sent == len(vendor.requests) > 0
    assert source.spending.allowed > 0


async def test_two_polls_of_an_unchanged_vendor_are_equal(source: Source) -> None:
    first, second = await source.poll(), await source.poll()
    assert first.records == second.records


async def test_a_refused_connection_is_unreachable(kind: Kind) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        source = kind.build(f"http://127.0.0.1:{probe.getsockname()[1]}")
        failure = await _failure(source)
    await source.close()
    assert failure.kind == "unreachable"
    assert "VPN" in failure.hint


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        (status(401), "unauthorised"),
        (status(403), "unauthorised"),
        (status(500), "refused"),
        (status(502, body="<html>Bad Gateway</html>"), "refused"),
        (page(), "malformed"),
        (json_of({"unexpected": True}), "malformed"),
        (json_of([1, 2]), "malformed"),
        (json_of("text"), "malformed"),
        (json_of(None), "malformed"),
        (status(200, body='{"status": "success", "data": '), "malformed"),
        (status(200, body=""), "malformed"),
        (redirect("https://login.example.com/?next=api"), "refused"),
        (redirect("//login.example.com/"), "refused"),
        (redirect("/api/v1/again"), "refused"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_each_refusal_is_the_failure_it_is(
    source: Source, vendor: VendorServer, behaviour: Behaviour, expected: str
) -> None:
    vendor.behaviour = behaviour
    failure = await _failure(source)
    assert failure.kind == expected


async def test_a_rate_limit_carries_how_long_to_wait(source: Source, vendor: VendorServer) -> None:
    vendor.behaviour = status(429, {"Retry-After": "37"})
    failure = await _failure(source)
    assert failure.kind == "rate limited"
    assert failure.retry_after == 37


@pytest.mark.parametrize("code", [400, 401, 403, 429, 500])
async def test_a_proxy_that_echoes_the_request_does_not_give_the_token_away(
    source: Source, vendor: VendorServer, code: int
) -> None:
    vendor.behaviour = echo(code)
    failure = await _failure(source)
    assert "***" in failure.message or str(code) in failure.message
    for finding in await source.check():
        assert TOKEN not in repr(finding)
    assert TOKEN not in repr(source)


async def test_a_source_comes_back_after_a_failure(source: Source, vendor: VendorServer) -> None:
    vendor.behaviour = status(503)
    await _failure(source)
    vendor.behaviour = None
    report = await source.poll()
    assert report.records


@pytest.mark.parametrize("hours", [1, -1])
async def test_a_clock_that_is_an_hour_off_is_said_once(source: Source, vendor: VendorServer, hours: int) -> None:
    before = source.clock_skew
    vendor.now = NOW + timedelta(hours=hours)
    report = await source.poll()
    assert (before, report.skew, source.clock_skew) == (None, hours * 3_600, hours * 3_600)
    assert report.records
    said = [warning for warning in report.records.warnings if "clock" in warning]
    assert len(said) == 1
    assert "127.0.0.1" in said[0] and "60 min" in said[0] and "NTP" in said[0]
    assert ("ahead of" if hours > 0 else "behind") in said[0]
    vendor.now = NOW
    report = await source.poll()
    assert report.skew == 0
    assert report.records and not any("clock" in warning for warning in report.records.warnings)


async def test_a_clock_is_heard_in_a_refusal_too(source: Source, vendor: VendorServer) -> None:
    vendor.now, vendor.behaviour = NOW + timedelta(hours=1), status(401)
    report = await source.poll()
    assert report.failure is not None
    assert report.skew == 3_600


async def test_a_poll_is_cancelled_at_once(source: Source, vendor: VendorServer) -> None:
    vendor.hangs = True
    task = asyncio.create_task(source.poll())
    await vendor.first_request.wait()
    started = monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert monotonic() - started < 5, "its own time-out is longer"


async def test_close_returns_at_once_while_a_poll_hangs(source: Source, vendor: VendorServer) -> None:
    vendor.hangs = True
    task = asyncio.create_task(source.poll())
    await vendor.first_request.wait()
    started = monotonic()
    await source.close()
    assert monotonic() - started < 5, "its own time-out is longer"
    task.cancel()
    await asyncio.wait([task])


async def test_hostile_text_comes_out_clean(source: Source, vendor: VendorServer, kind: Kind) -> None:
    vendor.answers = kind.answers(HOSTILE)
    report = await source.poll()
    assert report.failure is None
    assert report.records
    texts = [text for text in _texts(report) if not text.isalnum()]
    assert any("PWNED" in text for text in texts)
    for text in texts:
        assert clean(text, 10_000) == text


@pytest.mark.parametrize("code", [400, 403, 500])
async def test_a_failure_in_hostile_words_comes_out_clean(source: Source, vendor: VendorServer, code: int) -> None:
    vendor.behaviour = status(code, body='{"error": "\\u001b]0;PWNED\\u0007 \\u202e"}')
    failure = await _failure(source)
    assert clean(failure.message) == failure.message
    assert "\x1b" not in failure.message


async def test_the_doctor_is_content_with_a_vendor_that_answers(source: Source) -> None:
    findings = await source.check()
    assert findings
    assert all(finding.what for finding in findings)


@pytest.mark.parametrize(
    "behaviour", [status(401), page(), json_of({"unexpected": True})], ids=["401", "page", "shape"]
)
async def test_the_doctor_says_what_is_wrong_and_what_to_do(
    source: Source, vendor: VendorServer, behaviour: Behaviour
) -> None:
    vendor.behaviour = behaviour
    failed = [finding for finding in await source.check() if finding.state is CheckState.FAILED]
    assert failed
    assert failed[0].advice


def _texts(value: object) -> Iterator[str]:
    """Every text inside records, labels and warnings."""
    if isinstance(value, str):
        yield str(value.value if isinstance(value, Enum) else value)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(key)
            yield from _texts(item)
    elif isinstance(value, tuple | list | frozenset):
        for item in value:
            yield from _texts(item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if field.name in ("raw_labels", "raw_annotations"):
                continue  # As the vendor has them, never drawn: tests/nasty/test_sources.py says who may read them.
            yield from _texts(getattr(value, field.name))
