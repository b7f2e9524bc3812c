"""The top line fits whatever is on it, and never hides what fails."""

from dataclasses import replace
from datetime import timedelta

import pytest

from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.situation import (
    Freshness,
    OnCall,
    SourceState,
)
from oncall_tui.ui.present import top_line
from tests.unit.builders import (
    NOW,
    before,
)
from tests.unit.ui.pictures import FAILING, FINE, ME, situation

CALM = top_line.environment("rewapp", is_production=False)
LOUD = top_line.environment("rewapp", is_production=True)


@pytest.mark.parametrize("width", range(20, 201))
@pytest.mark.parametrize("name", ["rewapp", "", "an-environment-with-a-name-that-has-no-end-at-all-and-goes-on"])
def test_the_top_line_fits_and_never_hides_what_fails(width: int, name: str) -> None:
    for is_production in (True, False):
        told = top_line.fits(
            situation(*FINE, FAILING, on_call=(ME,)),
            top_line.environment(name, is_production=is_production),
            NOW,
            width,
        )
        assert told.cell_length <= width
        assert "✗" in told.plain
        assert "sentry" in told.plain[:width] or width < 24
        if is_production:
            assert told.plain.startswith(" PROD")


@pytest.mark.parametrize("width", range(20, 201))
def test_the_top_line_fits_with_any_number_of_sources(width: int) -> None:
    for count in range(8):
        sources = [replace(FINE[0], source=SourceName(f"prometheus-{i}")) for i in range(count)]
        assert top_line.fits(situation(*sources, on_call=(ME,)), LOUD, NOW, width).cell_length <= width


def test_what_does_not_fit_is_counted_and_not_cut() -> None:
    told = top_line.fits(situation(*FINE, FAILING), LOUD, NOW, 60)
    assert told.plain.endswith(" ✗ sentry failing 3m  3 fine 0s")
    assert told.cell_length == 60


@pytest.mark.parametrize(
    ("width", "told"),
    [
        (100, "✗ prometheus-0 failing 3m  ✗ prometheus-1 failing 3m  3 more failing  3 fine 0s"),
        (79, "✗ prometheus-0 failing 3m  4 more failing  3 fine 0s"),
        (52, "✗ prometheus-0 failing 3m  4 more failing"),
        (36, "✗ 5 failing  3 fine 0s"),
        (21, "✗ 5 failing"),
    ],
)
def test_many_that_fail_are_named_as_far_as_they_fit_and_the_rest_is_counted(width: int, told: str) -> None:
    failing = [replace(FAILING, source=SourceName(f"prometheus-{i}")) for i in range(5)]
    line = top_line.fits(situation(*FINE, *failing), CALM, NOW, width).plain
    assert line.removeprefix(" rewapp ").lstrip() == told


def test_every_state_is_counted_under_its_word() -> None:
    long = "a-source-with-a-name-that-takes-all-the-room-there-is"
    sources = [
        replace(FINE[0], source=SourceName(f"{long}-{word}"), **change)
        for word, change in (
            ("old", {"fetched_at": before(9)}),
            ("paused", {"state": SourceState.PAUSED}),
            ("waiting", {"state": SourceState.WAITING, "fetched_at": None}),
        )
    ]
    line = top_line.fits(situation(*FINE, *sources), CALM, NOW, 120).plain
    assert line.endswith(f"{long}-old 9m  1 more paused  1 more waiting  3 fine 0s")
    assert top_line.fits(situation(*FINE), CALM, NOW, 30).plain.endswith("  3 fine 0s")


def test_one_name_hides_neither_what_else_fails_nor_what_is_old() -> None:
    other = replace(FAILING, source=SourceName("pagerduty"))
    old = replace(FINE[0], fetched_at=before(1), interval=timedelta(seconds=5))
    line = top_line.fits(
        situation(FINE[1], FAILING, other, old), top_line.environment("production", is_production=True), NOW, 72
    ).plain
    assert line.endswith("✗ sentry failing 3m  1 more failing  1 more old")


def test_a_wide_top_line_has_everything() -> None:
    told = top_line.fits(situation(*FINE, on_call=(ME,)), LOUD, NOW, 160).plain
    for words in ("PROD  rewapp", "on call: you until 03:14", "prometheus 0s", "pagerduty 0s"):
        assert words in told


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (FAILING, "✗ sentry failing 3m"),
        (replace(FINE[0], state=SourceState.PAUSED), "prometheus paused 0s"),
        (replace(FINE[0], fetched_at=NOW - timedelta(minutes=9)), "prometheus 9m"),
        (replace(FINE[0], state=SourceState.WAITING, fetched_at=None), "prometheus …"),
    ],
)
def test_every_source_has_its_age_or_what_is_wrong(one: Freshness, words: str) -> None:
    assert words in top_line.freshness([one], NOW).plain


def test_who_is_on_call_is_the_user_first_and_only_the_first_level() -> None:
    others = (OnCall("Bob", "primary", 1), OnCall("Cid", "primary", 2), ME)
    assert top_line.on_call(others, NOW).plain == "on call: you until 03:14"
    assert top_line.on_call(others[:2], NOW).plain == "on call: Bob"
    assert not top_line.on_call(others[1:2], NOW)
