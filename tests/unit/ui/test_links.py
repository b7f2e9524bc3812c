"""Which text becomes a link, and that nothing but a clean address gets into the sequence."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content
from textual.style import Style

from oncall_tui.domain.text import clean
from oncall_tui.terminal import Terminal, terminal_of
from oncall_tui.ui.links import link_target, with_links
from tests.nasty.corpus import EVERYTHING


def terminal(**environ: str) -> Terminal:
    return terminal_of(environ, is_tty=True, size=(80, 24), encoding="utf-8")


KITTY = terminal(TERM="xterm-kitty")
UNKNOWN = terminal(TERM="xterm-256color")


def links(content: Content) -> list[tuple[str, str]]:
    """Every link with the text that it is drawn on."""
    spans = [(span, span.style) for span in content.spans]
    return [
        (content.plain[span.start : span.end], style.link)
        for span, style in spans
        if isinstance(style, Style) and style.link is not None
    ]


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("see https://pd.example/i/1", ["https://pd.example/i/1"]),
        ("http://localhost:9090/graph?g0.expr=up#x is it", ["http://localhost:9090/graph?g0.expr=up#x"]),
        ("Read https://w.example/a. Then (https://w.example/b).", ["https://w.example/a", "https://w.example/b"]),
        ("https://w.example/x_(y)", ["https://w.example/x_(y)"]),
        ("[https://w.example/x]", ["https://w.example/x"]),
        ("https://[::1]:9090/x", ["https://[::1]:9090/x"]),
        ("HTTPS://W.example", ["HTTPS://W.example"]),
        ("a\nhttps://w.example/a\nhttps://w.example/b\n", ["https://w.example/a", "https://w.example/b"]),
        ("https://", []),
        ("http://.", []),
        ("ftp://w.example javascript:alert(1) file:///etc/passwd w.example", []),
        ("https://pd.example@evil.example/", []),
        ("https://pаypal.example/", []),
        ("https://[bad/", []),
        ("https://w.example/" + "x" * 2_000, []),
        ("", []),
    ],
)
def test_what_is_a_link(text: str, drawn: list[str]) -> None:
    assert [written for written, _ in links(with_links(Content(text), KITTY))] == drawn


def test_the_text_and_its_other_styles_stay_as_they_are() -> None:
    content = Content.assemble(("pd  ", "bold"), ("https://pd.example/1", "$accent"), "!")
    linked = with_links(content, KITTY)
    assert linked.plain == content.plain
    assert [span for span in linked.spans if span.style in ("bold", "$accent")] == content.spans


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://w.example/a b", "https://w.example/a%20b"),
        ("https://w.example/é?q=ü", "https://w.example/%C3%A9?q=%C3%BC"),
        ("https://w.example/%41?a=b;c&d=[1]", "https://w.example/%41?a=b;c&d=[1]"),
        ("https://w.example/\x1b\\\x07\x9c", "https://w.example/%1B%5C%07%C2%9C"),
        ("https://w.example\x1b]52;c;eA==/x", None),
        ("https://w.example/\ud83d", None),
        ("file:///etc/passwd", None),
        ("javascript:alert(1)", None),
        ("https:w.example", None),
    ],
)
def test_targets(address: str, target: str | None) -> None:
    assert link_target(address) == target


CLEAN = re.compile(r"https?://[!-~]+")


@pytest.mark.parametrize("text", EVERYTHING.values())
def test_no_hostile_text_gets_into_a_target(text: str) -> None:
    for before in ("https://", "https://w.example/", "http://w.example?q="):
        found = link_target(before + text)
        assert found is None or CLEAN.fullmatch(found)
        for _, target in links(with_links(Content(clean(f"{before}{text} {text}")), KITTY)):
            assert CLEAN.fullmatch(target)


@given(st.text())
def test_nor_does_any_other(text: str) -> None:
    found = link_target(f"https://w.example/{text.encode('utf-8', 'replace').decode()}")
    assert found is None or CLEAN.fullmatch(found)


def test_links_are_drawn_where_they_are_not_known_to_be_of_no_use() -> None:
    content = Content("https://w.example/")
    assert links(with_links(content, UNKNOWN))
    for lacking in (
        terminal(TERM="linux"),
        terminal(TERM_PROGRAM="Apple_Terminal"),
        terminal(TERM="screen", STY="1"),
        terminal(TMUX="/s", TERM="screen", TERM_PROGRAM="tmux", TERM_PROGRAM_VERSION="3.3a"),
        terminal_of({"TERM": "xterm-kitty"}, is_tty=False, size=(80, 24), encoding=None),
    ):
        assert with_links(content, lacking) is content
