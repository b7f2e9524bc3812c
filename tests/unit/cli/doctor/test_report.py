"""The diagnosis as it is read: at any width, with and without colour, nothing hostile in it."""

from datetime import UTC, datetime

import pytest

from oncall_tui.cli.doctor.model import Area, Diagnosis
from oncall_tui.cli.doctor.report import lines_of
from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.output import cells_of
from oncall_tui.cli.schema_setup import doctor_answer
from oncall_tui.sources.base import CheckState, Finding, Topic

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
HOSTILE = "\x1b]0;PWNED\x07 \u202e[red]\nnext"
FINE = Finding(CheckState.OK, "Answers.")
ODD = Finding(CheckState.WARNING, "8 rules have no runbook: " + ", ".join(f"Rule{n}" for n in range(30)) + ".", "Add.")
WRONG = Finding(CheckState.FAILED, "It does not accept the token (401).", "Renew `token`.", Topic.CREDENTIAL)


def diagnosis(*findings: Finding) -> Diagnosis:
    return Diagnosis(
        NOW, (Area("source", "prom", "https://p", findings), Area("terminal", "terminal", "kitty", (FINE,)))
    )


def lines(found: Diagnosis, width: int = 80, *, is_utf8: bool = True, is_colourful: bool = False) -> list[str]:
    return lines_of(found, width=width, is_colourful=is_colourful, is_utf8=is_utf8)


def test_what_is_wrong_comes_first_with_what_to_do_and_what_is_fine_together() -> None:
    assert lines(
        diagnosis(FINE, Finding(CheckState.WARNING, "Odd.", "Look."), WRONG, Finding(CheckState.OK, "New."))
    ) == [
        "terminal  kitty",
        "  ✓ ok      Answers.",
        "",
        "prom  https://p",
        "  ✗ FAILED  It does not accept the token (401).",
        "            → Renew `token`.",
        "  ! warning Odd.",
        "            → Look.",
        "  ✓ ok      Answers. New.",
        "",
        "1 failure and 1 warning: prom.",
    ]


@pytest.mark.parametrize("width", [30, 40, 80, 200])
def test_no_line_is_too_long(width: int) -> None:
    found = lines(diagnosis(FINE, ODD, WRONG), width)
    assert all(cells_of(line) <= max(width, 32) for line in found[:-1])
    assert all(cells_of(line) <= 100 for line in found)


def test_a_terminal_without_utf8_gets_plain_letters() -> None:
    text = "\n".join(lines(diagnosis(FINE, ODD, WRONG), is_utf8=False))
    assert text.isascii()
    assert "x FAILED" in text


def test_colour_adds_nothing_that_words_do_not_say() -> None:
    import click

    plain = lines(diagnosis(FINE, ODD, WRONG))
    colourful = lines(diagnosis(FINE, ODD, WRONG), is_colourful=True)
    assert colourful != plain
    assert [click.unstyle(line) for line in colourful] == plain


def test_hostile_words_reach_neither_the_terminal_nor_a_line_of_their_own() -> None:
    area = Area(
        "source", HOSTILE, HOSTILE, (Finding(CheckState.FAILED, HOSTILE, HOSTILE), Finding(CheckState.OK, HOSTILE))
    )
    text = "\n".join(lines(Diagnosis(NOW, (area,))))
    assert "\x1b" not in text and "\u202e" not in text and "\x07" not in text
    assert "[red]" in text


@pytest.mark.parametrize(
    ("finding", "last", "code"),
    [
        (FINE, "Nothing keeps the screen from working.", ExitCode.FINE),
        (ODD, "1 warning: prom. The screen works.", ExitCode.FINE),
        (WRONG, "1 failure: prom.", ExitCode.UNFIT),
    ],
)
def test_the_last_line_says_what_it_comes_to(finding: Finding, last: str, code: ExitCode) -> None:
    found = diagnosis(finding)
    assert lines(found)[-1] == last
    assert found.code is code


def test_json_says_the_same() -> None:
    answer = doctor_answer(diagnosis(FINE, ODD, WRONG))
    assert (answer["state"], answer["failures"], answer["warnings"]) == ("failed", 1, 1)
    assert [(one["area"], one["source"], one["state"]) for one in answer["areas"]] == [
        ("source", "prom", "failed"),
        ("terminal", None, "ok"),
    ]
    assert answer["areas"][0]["findings"][2] == {
        "state": "failed",
        "topic": "credential",
        "what": WRONG.what,
        "advice": WRONG.advice,
    }
