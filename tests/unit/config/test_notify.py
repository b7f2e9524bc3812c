"""``[notify]``: thresholds, the sequence, and the key that was here before."""

from pathlib import Path

import pytest

from oncall_tui.config.errors import ConfigError
from oncall_tui.config.load import load
from oncall_tui.config.model import CommandSettings, NotifySettings, QuietSettings
from oncall_tui.config.severities import parse_threshold
from oncall_tui.domain.severity import Severity

SOURCE = '[sources.prom]\nkind = "prometheus"\nurl = "http://localhost:9090"\n'


def settings(tmp_path: Path, text: str) -> NotifySettings:
    path = tmp_path / "oncall.toml"
    path.write_text(SOURCE + text)
    return load(path).notify


def problem(tmp_path: Path, text: str) -> str:
    """The one problem of this file."""
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path, text)
    (told,) = caught.value.problems
    return f"{told.line}: {told.key}: {told.problem}; {told.expected}"


def test_without_a_word_p1_and_p2_ring_and_notify_whoever_is_on_call(tmp_path: Path) -> None:
    assert settings(tmp_path, "") == NotifySettings(bell="P2", desktop="P2", protocol="auto", only_on_call=False)


def test_every_key_can_be_set(tmp_path: Path) -> None:
    text = '[notify]\nbell = "off"\ndesktop = "p1"\nprotocol = "osc9"\nonly_on_call = true'
    assert settings(tmp_path, text) == NotifySettings(bell="off", desktop="p1", protocol="osc9", only_on_call=True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('bell = "loud"', '5: notify.bell: "loud" is not a severity; write "P1" to "P5"'),
        ('desktop = ""', '5: notify.desktop: "" is not a severity; write "P1" to "P5"'),
        ("bell = true", "5: notify.bell: wrong type: is a boolean; write a text in quotes, e.g. "),
        ('protocol = "osc99"', '5: notify.protocol: unknown word; write one of "auto", "osc9", "osc777", "off"'),
        ('only_on_call = "yes"', "5: notify.only_on_call: wrong type: is a text; write true or false"),
        ("ring = true", "5: notify.ring: unknown key; "),
    ],
)
def test_what_is_wrong_is_told_with_what_to_write(tmp_path: Path, text: str, told: str) -> None:
    assert problem(tmp_path, f"[notify]\n{text}").startswith(told)


def test_quiet_hours_repetition_and_a_program(tmp_path: Path) -> None:
    text = """
[notify]
repeat = "5m"
[[notify.quiet]]
from = "22:00"
to = "7:00"
days = ["fri", "sat"]
rings = "off"
timezone = "Europe/Paris"
[notify.command]
run = ["~/bin/phone", "--loud"]
severity = "p1"
timeout = "30s"
"""
    quiet = QuietSettings(from_="22:00", to="7:00", days=("fri", "sat"), rings="off", timezone="Europe/Paris")
    command = CommandSettings(run=("~/bin/phone", "--loud"), severity="p1", timeout="30s")
    assert settings(tmp_path, text) == NotifySettings(repeat="5m", quiet=(quiet,), command=command)


QUIET = '[[notify.quiet]]\nfrom = "22:00"\nto = "07:00"\n'
COMMAND = '[notify.command]\nrun = ["phone"]\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[notify]\nrepeat = "10s"', 'notify.repeat: "10s" is out of bounds; write 1m to 1h'),
        ('[[notify.quiet]]\nfrom = "22"\nto = "07:00"', 'notify.quiet[0].from: "22" is no time of day; write hours'),
        ('[[notify.quiet]]\nfrom = "22:00"\nto = "24:00"', 'notify.quiet[0].to: "24:00" is no time of day; write ho'),
        ('[[notify.quiet]]\nfrom = "22:00"', "notify.quiet[0].to: missing; write a text in quotes"),
        (f'{QUIET}days = ["monday"]', "notify.quiet[0].days[0]: unknown word; write one of "),
        (f'{QUIET}rings = "loud"', 'notify.quiet[0].rings: "loud" is not a severity; write "P1" to "P5"'),
        (f'{QUIET}timezone = "Mars/North"', 'notify.quiet[0].timezone: this machine knows no time zone "Mars/North"; '),
        (f'{QUIET}timezone = "Europe"', 'notify.quiet[0].timezone: this machine knows no time zone "Europe"; write a '),
        (f'{QUIET}timezone = "../../etc/passwd"', "notify.quiet[0].timezone: this machine knows no time zone "),
        ("[notify.command]", "notify.command.run: missing; write a list of texts"),
        ("[notify.command]\nrun = []", "notify.command.run: names no program; write the program and its arguments"),
        ('[notify.command]\nrun = [" "]', "notify.command.run: names no program; write the program and its arguments"),
        ('[notify.command]\nrun = "phone --loud"', "notify.command.run: wrong type: is a text; write a list of texts"),
        ('[notify.command]\nrun = ["bin/phone"]', 'notify.command.run[0]: "bin/phone" depends on the folder that '),
        (f'{COMMAND}severity = "all"', 'notify.command.severity: "all" is not a severity; write "P1" to "P5"'),
        (f'{COMMAND}timeout = "1h"', 'notify.command.timeout: "1h" is out of bounds; write 1s to 2m'),
    ],
)
def test_what_is_wrong_with_hours_and_programs_is_told(tmp_path: Path, text: str, told: str) -> None:
    assert problem(tmp_path, text).partition(": ")[2].startswith(told)


@pytest.mark.parametrize("value", ["true", "false", '"P1"'])
def test_the_bell_of_an_earlier_version_is_told_where_it_went(tmp_path: Path, value: str) -> None:
    told = problem(tmp_path, f"[display]\nbell = {value}")
    assert told.startswith('5: display.bell: has moved; write [notify] with bell = "P2"')


@pytest.mark.parametrize(
    ("word", "threshold"), [("P1", Severity.P1), (" p5 ", Severity.P5), ("off", None), ("OFF", None)]
)
def test_a_threshold(word: str, threshold: Severity | None) -> None:
    assert parse_threshold(word) is threshold


def test_a_threshold_of_another_word() -> None:
    with pytest.raises(ValueError, match="not a severity"):
        parse_threshold("on")
