"""What the user's program is told, when, and what it never gets."""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.config.model import CommandSettings, Config, NotifySettings, PagerDutySettings, PrometheusSettings
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.severity import Severity
from oncall_tui.ui.notify_hook import Hook, hook_of, variables, without_secrets
from tests.nasty.corpus import EVERYTHING
from tests.unit.builders import ALERTMANAGER, PAGERDUTY, alert, record

SETTINGS = CommandSettings(run=("phone", "--loud", "$HOME; *"), timeout="7s")


class FakeProgram:
    """A program that ends when the test says so, and tells what it was started with."""

    def __init__(self, *failures: str) -> None:
        self.calls: list[tuple[Sequence[str], Mapping[bytes, bytes], float]] = []
        self.failures = list(failures)
        self.may_end = threading.Event()
        self.may_end.set()
        self.has_begun = threading.Event()
        self.is_stopped = False

    def run(self, argv: Sequence[str], environ: Mapping[bytes, bytes], timeout: float) -> str:
        assert threading.current_thread() is not threading.main_thread(), "never on the event loop"
        self.calls.append((argv, environ, timeout))
        self.has_begun.set()
        self.may_end.wait(20)
        return self.failures.pop(0) if self.failures else ""

    def stop(self) -> None:
        self.is_stopped = True
        self.may_end.set()


def one(name: str = "Q1", severity: Severity = Severity.P1) -> Alert:
    return alert(record(PAGERDUTY, name, title=f"trouble {name}", severity=severity))


def told(environ: Mapping[bytes, bytes]) -> dict[str, str]:
    """What is said of alerts, without the prefix."""
    pairs = {name.decode(): value.decode() for name, value in environ.items()}
    return {name.removeprefix("ONCALL_ALERT_"): value for name, value in pairs.items() if "ONCALL_ALERT_" in name}


async def settled(hook: Hook) -> None:
    """Wait until nothing runs and nothing waits."""
    assert hook._task is not None
    async with asyncio.timeout(20):
        await hook._task


def nobody(failure: str) -> None:
    raise AssertionError(failure)


async def test_the_program_is_started_with_its_arguments_as_they_stand() -> None:
    program = FakeProgram()
    hook = Hook(SETTINGS, {"PATH": "/bin"}, program)
    hook.tell([one()], nobody, environment="prod")
    await settled(hook)
    ((argv, environ, timeout),) = program.calls
    assert (tuple(argv), timeout) == (("phone", "--loud", "$HOME; *"), 7.0)
    assert environ[b"PATH"] == b"/bin"
    assert told(environ) == {
        "COUNT": "1",
        "EVENT": "new",
        "TEXT": "P1 api: trouble Q1",
        "ID": "pagerduty/Q1",
        "TITLE": "trouble Q1",
        "SEVERITY": "P1",
        "STATUS": "firing",
        "SERVICE": "api",
        "ENVIRONMENT": "prod",
        "NAME": "",
        "SINCE": "2026-11-21T02:14:00+00:00",
        "SOURCES": "pagerduty",
        "URL": "",
    }


async def test_one_at_a_time_and_a_storm_is_one_more_call_with_a_count() -> None:
    program = FakeProgram()
    program.may_end.clear()
    hook = Hook(SETTINGS, {}, program)
    hook.tell([one("Q0", Severity.P2)], nobody)
    await asyncio.to_thread(program.has_begun.wait, 20)
    for number in range(1, 51):
        hook.tell([one(f"Q{number}", Severity.P1 if number == 7 else Severity.P2)], nobody)
    hook.tell([one("Q7", Severity.P1)], nobody, is_again=True)
    assert len(program.calls) == 1
    program.may_end.set()
    await settled(hook)
    first, second = (told(environ) for _, environ, _ in program.calls)
    assert (first["COUNT"], first["ID"]) == ("1", "pagerduty/Q0")
    assert (second["COUNT"], second["ID"], second["EVENT"]) == ("50", "pagerduty/Q7", "new"), "the worst is named"
    assert second["TEXT"] == "P1 api: trouble Q7 and 49 more"


async def test_what_is_told_again_is_said_to_be() -> None:
    program = FakeProgram()
    hook = Hook(SETTINGS, {}, program)
    hook.tell([one()], nobody, is_again=True)
    await settled(hook)
    said = told(program.calls[0][1])
    assert (said["EVENT"], said["TEXT"]) == ("again", "Still not acknowledged: P1 api: trouble Q1")


async def test_a_failure_is_told_once_and_again_after_it_went_well() -> None:
    program = FakeProgram("ended with exit code 3", "ended with exit code 3", "", "ended with exit code 3")
    hook = Hook(SETTINGS, {}, program)
    failures: list[str] = []
    for _ in range(4):
        hook.tell([one()], failures.append)
        await settled(hook)
    assert failures == ["phone ended with exit code 3. Alerts may not reach you by it: try it by hand."] * 2


async def test_the_end_of_the_screen_is_the_end_of_what_runs() -> None:
    program = FakeProgram()
    program.may_end.clear()
    hook = Hook(SETTINGS, {}, program)
    hook.tell([one()], nobody)
    await asyncio.to_thread(program.has_begun.wait, 20)
    hook.close()
    assert program.is_stopped
    Hook(SETTINGS, {}, FakeProgram()).close()


def test_it_gets_no_secret_and_no_words_that_are_not_ours() -> None:
    config = Config(
        sources={
            "pagerduty": PagerDutySettings(token="env:PD_TOKEN"),
            "prometheus": PrometheusSettings(headers={"X-Key": "env:TENANT_KEY", "X-Other": "plain"}),
        },
        notify=NotifySettings(command=SETTINGS),
    )
    environ = {"PD_TOKEN": "t0p", "TENANT_KEY": "s3cret", "HOME": "/home/me", "ONCALL_ALERT_TITLE": "of another"}
    assert without_secrets(config, environ) == {"HOME": "/home/me"}
    hook = hook_of(config, environ)
    assert hook is not None
    assert hook._environ == {b"HOME": b"/home/me"}
    assert hook_of(Config(sources=config.sources), environ) is None


def test_severity_and_home_folder() -> None:
    hook = Hook(CommandSettings(run=("~/bin/phone",), severity="off"), {}, FakeProgram())
    assert hook.severity is None
    assert not hook._argv[0].startswith("~")


def test_every_source_that_sees_it_and_where_it_can_be_seen() -> None:
    seen = replace(record(PAGERDUTY), url="https://acme.pagerduty.com/incidents/Q1", environment="prod-eu")
    said = told(variables([alert(seen, record(ALERTMANAGER, name="HighLatency"))], "prod"))
    assert said["SOURCES"] == "pagerduty alertmanager"
    assert said["URL"] == "https://acme.pagerduty.com/incidents/Q1"
    assert (said["ENVIRONMENT"], said["NAME"]) == ("prod-eu", "HighLatency")


def check_plain(alerts: Sequence[Alert]) -> None:
    for name, value in variables(alerts, "prod").items():
        assert b"\0" not in value and b"\n" not in value and b"\x1b" not in value, name
        assert len(value.decode()) <= 2_000


@pytest.mark.parametrize("text", EVERYTHING.values(), ids=EVERYTHING)
def test_hostile_text_is_one_plain_line_of_bounded_length(text: str) -> None:
    check_plain([alert(replace(record(title=text, service=text, environment=text, name=text), url=text))])


@given(st.text())
def test_so_is_any_other(text: str) -> None:
    check_plain([alert(replace(record(title=text, service=text, environment=text, name=text), url=text))] * 2)
