"""What is news, what is said of it, and which bytes say it."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.correlate import correlate
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import OnCall, Situation, SourceState
from oncall_tui.terminal import Protocol, Terminal, terminal_of
from oncall_tui.ui.notify_rules import is_on_call, knows_me, new_alerts
from oncall_tui.ui.notify_text import in_words, protocol_for, sequence
from tests.nasty.corpus import EVERYTHING
from tests.unit.builders import ALERTMANAGER, NOW, PAGERDUTY, PROMETHEUS, alert, freshness, key, record

P1, P2, P3, P5 = Severity.P1, Severity.P2, Severity.P3, Severity.P5
BOTH = (freshness(ALERTMANAGER), freshness(PAGERDUTY))
PAGER_SILENT = (freshness(ALERTMANAGER), freshness(PAGERDUTY, SourceState.WAITING, fetched_at=None))


def picture(*alerts: Alert, sources: Iterable[object] = BOTH, **rest: object) -> Situation:
    return replace(Situation(1, NOW), alerts=alerts, freshness=tuple(sources), **rest)  # type: ignore[arg-type]


def one(severity: Severity = P1, status: Status = Status.FIRING) -> Alert:
    return alert(record(PAGERDUTY, "Q1", severity=severity, status=status))


def terminal(**environ: str) -> Terminal:
    return terminal_of(environ, is_tty=True, size=(80, 24), encoding="utf-8")


# News


@pytest.mark.parametrize(
    ("before", "after", "is_news"),
    [
        (None, one(), True),
        (one(), one(), False),
        (one(P3), one(P1), True),
        (one(P3), one(P2), True),
        (one(P1), one(P2), False),
        (one(P1, Status.PENDING), one(P1), True),
        (one(P1, Status.SILENCED), one(P1), True),
        (one(P1, Status.ACKNOWLEDGED), one(P1), True),
        (one(P1), one(P1, Status.ACKNOWLEDGED), False),
        (None, one(P1, Status.ACKNOWLEDGED), False),
        (None, one(P1, Status.SILENCED), False),
        (None, one(P1, Status.PENDING), False),
        (one(P3, Status.ACKNOWLEDGED), one(P1, Status.ACKNOWLEDGED), False),
        (None, one(P3), False),
        (one(P5), one(P3), False),
    ],
)
def test_news(before: Alert | None, after: Alert, is_news: bool) -> None:
    was = picture(before) if before is not None else picture()
    assert list(new_alerts(was, picture(after), P2)) == ([after] if is_news else [])


@pytest.mark.parametrize("least", Severity)
def test_news_is_of_at_least_the_severity_asked_for(least: Severity) -> None:
    every = [alert(record(PAGERDUTY, f"Q{level}", severity=level)) for level in Severity]
    assert [found.severity for found in new_alerts(picture(), picture(*every), least)] == list(Severity)[:least]


def test_what_a_source_tells_with_its_first_answer_is_no_news() -> None:
    assert new_alerts(Situation(0, NOW), picture(one()), P2) == []
    assert new_alerts(picture(sources=PAGER_SILENT), picture(one()), P2) == []
    assert new_alerts(picture(sources=BOTH), picture(one()), P2) == [one()]


def test_a_source_that_failed_in_between_is_not_at_its_first_answer_when_it_comes_back() -> None:
    failed = (freshness(PAGERDUTY, SourceState.FAILED),)
    assert new_alerts(picture(sources=failed), picture(one()), P2) == [one()]


def test_an_alert_that_another_source_picks_up_is_no_news() -> None:
    fired = record(ALERTMANAGER, "f1", keys=(key("f1"),))
    (renamed,) = correlate([fired, record(PAGERDUTY, "Q1", keys=(key("f1"),))])
    assert new_alerts(picture(alert(fired)), picture(renamed), P2) == []
    assert new_alerts(picture(), picture(renamed), P2) == [renamed]


def test_worse_by_the_word_of_another_source_is_news_but_not_by_its_first_answer() -> None:
    fired = record(ALERTMANAGER, "f1", severity=P3, keys=(key("f1"),))
    (raised,) = correlate([fired, record(PAGERDUTY, "Q1", severity=P1, keys=(key("f1"),))])
    assert new_alerts(picture(alert(fired)), picture(raised), P2) == [raised]
    assert new_alerts(picture(alert(fired), sources=PAGER_SILENT), picture(raised), P2) == []


# On call


def shift(is_me: bool, hours: float | None = 1) -> OnCall:
    until = None if hours is None else NOW + timedelta(hours=hours)
    return OnCall("ann", "default", 1, until, is_me=is_me)


@pytest.mark.parametrize(
    ("shifts", "told"),
    [
        ((), None),
        ((shift(True),), True),
        ((shift(False),), False),
        ((shift(False), shift(True, None)), True),
        ((shift(True, -1),), None),
        ((shift(True, -1), shift(False)), False),
    ],
)
def test_on_call(shifts: tuple[OnCall, ...], told: bool | None) -> None:
    assert is_on_call(picture(on_call=shifts)) is told


def test_what_a_pager_told_long_ago_says_nothing_of_now() -> None:
    old = freshness(PAGERDUTY, SourceState.FAILED)
    assert is_on_call(picture(on_call=(shift(False),), sources=[old])) is None


def test_a_shift_or_an_alert_of_mine_shows_that_the_sources_know_me() -> None:
    assert not knows_me(picture(one(), on_call=(shift(False),)))
    assert knows_me(picture(on_call=(shift(True),)))
    assert knows_me(picture(alert(replace(record(PAGERDUTY), is_mine=True))))


# Words


def named(title: str, service: str = "checkout", **labels: str) -> Alert:
    return alert(record(PROMETHEUS, "1", title=title, service=service, severity=P1, labels=labels))


def test_one_alert_is_told_by_severity_service_and_headline_and_by_nothing_else() -> None:
    assert in_words([named("checkout: p95 above 500 ms", customer="ACME", token="t0p")]) == (
        "P1 checkout: p95 above 500 ms"
    )
    assert in_words([named("p95 above 500 ms", service="")]) == "P1: p95 above 500 ms"


def test_a_storm_is_one_line() -> None:
    storm = [named(f"alert {number}") for number in range(50)]
    assert in_words(storm) == "P1 checkout: alert 0 and 49 more"


def test_a_long_headline_is_cut_and_the_count_is_kept() -> None:
    told = in_words([named("x" * 5_000)] * 50)
    assert len(told) == 200
    assert told.endswith("x… and 49 more")


# Bytes


@pytest.mark.parametrize(
    ("setting", "environ", "protocol"),
    [
        ("auto", {"TERM_PROGRAM": "iTerm.app", "TERM": "xterm-256color"}, Protocol.OSC9),
        ("auto", {"TERM": "xterm-kitty"}, Protocol.OSC9),
        ("auto", {"TERM": "foot"}, Protocol.OSC777),
        ("auto", {"TERM": "xterm-256color"}, Protocol.OSC777),
        ("auto", {"TERM": "tmux-256color", "TMUX": "/s"}, Protocol.OSC777),
        ("auto", {"TERM": "tmux-256color", "TMUX": "/s", "LC_TERMINAL": "iTerm2"}, Protocol.OSC9),
        ("auto", {"TERM": "screen", "STY": "1"}, None),
        ("auto", {"TERM": "alacritty"}, None),
        ("auto", {"TERM": "linux"}, None),
        ("auto", {"TERM": "dumb"}, None),
        ("osc9", {"TERM": "alacritty"}, Protocol.OSC9),
        ("osc777", {"TERM": "xterm-kitty"}, Protocol.OSC777),
        ("osc777", {"TERM": "dumb"}, None),
        ("off", {"TERM": "xterm-kitty"}, None),
    ],
)
def test_which_sequence(setting: str, environ: dict[str, str], protocol: Protocol | None) -> None:
    assert protocol_for(setting, terminal(**environ)) is protocol


@pytest.mark.parametrize("setting", ["auto", "osc9", "osc777", "off"])
def test_no_sequence_for_what_is_no_terminal(setting: str) -> None:
    assert protocol_for(setting, terminal_of({"TERM": "foot"}, is_tty=False, size=(80, 24), encoding=None)) is None


PLAIN, TMUX = terminal(TERM="foot"), terminal(TERM="tmux-256color", TMUX="/s")


@pytest.mark.parametrize(
    ("protocol", "where", "data"),
    [
        (Protocol.OSC9, PLAIN, "\x1b]9;oncall-tui prod: P1 api: a;b\x1b\\"),
        (Protocol.OSC777, PLAIN, "\x1b]777;notify;oncall-tui prod;P1 api: a,b\x1b\\"),
        (Protocol.OSC9, TMUX, "\x1bPtmux;\x1b\x1b]9;oncall-tui prod: P1 api: a;b\x1b\x1b\\\x1b\\"),
        (Protocol.OSC777, TMUX, "\x1bPtmux;\x1b\x1b]777;notify;oncall-tui prod;P1 api: a,b\x1b\x1b\\\x1b\\"),
    ],
)
def test_the_bytes(protocol: Protocol, where: Terminal, data: str) -> None:
    assert sequence(protocol, "P1 api: a;b", where, "prod") == data


BARE = re.compile(r"\x1b\](?:9;oncall-tui: |777;notify;oncall-tui;)([^;\x00-\x1f\x7f-\x9f]*)\x1b\\")
OF_OSC9 = re.compile(r"\x1b\]9;oncall-tui: ([^\x00-\x1f\x7f-\x9f]*)\x1b\\")


@pytest.mark.parametrize("text", [*EVERYTHING.values(), "4;1;50", "9;4;1;50", "a;b;c", "\x1b\\\x1b]52;c;eA==\x07"])
def test_no_text_breaks_out_of_its_sequence_or_turns_into_another(text: str) -> None:
    told = in_words([named(text)])
    assert BARE.fullmatch(sequence(Protocol.OSC777, told, PLAIN))
    assert OF_OSC9.fullmatch(sequence(Protocol.OSC9, told, PLAIN))


@given(st.text(), st.text())
def test_nor_does_any_other(title: str, service: str) -> None:
    told = in_words([named(title, service)] * 3)
    assert len(told) <= 200
    assert BARE.fullmatch(sequence(Protocol.OSC777, told, PLAIN))
    assert OF_OSC9.fullmatch(sequence(Protocol.OSC9, told, PLAIN))
    inner = sequence(Protocol.OSC777, told, TMUX).removeprefix("\x1bPtmux;").removesuffix("\x1b\\")
    assert "\x1b" not in inner.replace("\x1b\x1b", "")
