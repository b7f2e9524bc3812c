"""What holds for any text at all, by the judgement of the strict reader, which shares nothing with the product."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from oncall_tui.cli.output import fitted
from oncall_tui.domain.text import clean, clean_line
from oncall_tui.terminal import Protocol
from oncall_tui.terminal.here import NOWHERE
from oncall_tui.ui.acts import Acts
from oncall_tui.ui.notify_text import in_words, sequence
from oncall_tui.ui.present.alert_row import Scene, alert_columns
from oncall_tui.ui.present.deployment_row import deployment_columns
from oncall_tui.ui.widgets.columns import GAP, Column, fit, place
from tests.nasty.corpus import EVERYTHING
from tests.nasty.scene import situation_of_nothing_but
from tests.nasty.vt import read, towers, unplain
from tests.unit.builders import NOW

PIECES = st.sampled_from([*"Z界é👩🇫\u1100\u0915\u05d0 \n\t[\x9b\ud83d;", "\r\n", "[/]", "\x1b[31m"])
PILES = st.builds(
    lambda mark, count: mark * count,
    st.sampled_from("\u0301\u0f71\u20dd\u200d\u200c\ufe0f\u1161\u11a8\u093f\u0e35\U000e0100\u202e\u2066\u034f"),
    st.integers(1, 30),
)
TEXTS = st.lists(PIECES | PILES | st.characters(), max_size=20).map("".join) | st.sampled_from(
    [text[:3_000] for text in EVERYTHING.values()]
)
FEW = settings(max_examples=60, derandomize=True, deadline=None)


@FEW
@given(TEXTS, st.integers(1, 500))
def test_what_is_cleaned_is_plain_bounded_and_stays_as_it_is(text: str, limit: int) -> None:
    for cleaned in (clean(text, limit), clean_line(text, limit)):
        assert unplain(cleaned, besides="\n\t") == []
        assert towers(cleaned) == []
        assert len(cleaned) <= limit
        assert clean(cleaned, limit) == cleaned
    assert clean_line(clean_line(text, limit), limit) == clean_line(text, limit)


@FEW
@given(TEXTS, st.integers(1, 60))
def test_a_cell_of_a_listing_is_never_wider_than_its_column(text: str, size: int) -> None:
    assert cell_len(fitted(clean_line(text), size)) <= size


@FEW
@given(TEXTS, st.integers(80, 200))
def test_every_row_has_the_cells_that_it_should(text: str, width: int) -> None:
    situation = situation_of_nothing_but(text)
    of_alerts = alert_columns(lambda: Scene(NOW, Acts()))
    of_deployments = deployment_columns(lambda: NOW, lambda _: situation.alerts[:1])
    assert {_cells(one, of_alerts, width) for one in situation.alerts} == {_room(of_alerts, width)}
    assert {_cells(one, of_deployments, width) for one in situation.deployments} == {_room(of_deployments, width)}


def _cells(row: Any, columns: Sequence[Column[Any]], width: int) -> int:
    placed = place(columns, width)
    cells = [fit(one.column.cell(row), one.width, one.column.align) for one in placed]
    return Content(" " * GAP).join(cells).cell_length


def _room(columns: Sequence[Column[Any]], width: int) -> int:
    placed = place(columns, width)
    return sum(one.width for one in placed) + GAP * (len(placed) - 1)


@FEW
@given(TEXTS, st.sampled_from([Protocol.OSC9, Protocol.OSC777]))
def test_a_notification_is_one_sequence_whatever_it_tells_of(text: str, protocol: Protocol) -> None:
    told = in_words(situation_of_nothing_but(text).alerts)
    said = read(sequence(protocol, told, NOWHERE, clean_line(text)).encode())
    assert said.wrong == []
    assert len(said.notified) == 1
    assert said.text == ""
