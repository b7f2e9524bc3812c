"""Generated files: whatever stands in them, they open, and every fence comes out as it went in, byte for byte."""

from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oncall_tui.runbook.model import Mode, StepKind
from oncall_tui.runbook.reading.text import bytes_of
from tests.unit.runbook.books import book

LINE = st.one_of(
    st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=30),
    st.sampled_from(
        [
            "kubectl get pods -n <namespace>",
            "$ oc logs $POD \\",
            "    --tail 5",
            "```",
            "~~~",
            "> x",
            "- a",
            "# b",
            "<!-- oncall",
            "-->",
            "</details>",
            "cat <<EOF",
            "'",
            '"$(',
            "\t",
            "",
            "NAME   READY",
            "---",
            "{{.x}}",
            "\u202e\u200b\x1b[31m\x00",
        ]
    ),
)
INFO = st.sampled_from(
    ["", "bash", "sh", "console", "sql", "promql", "http", "yaml", "text", "bash {#a b=c}", "{", "sh {x"]
)
PROSE = st.one_of(
    st.sampled_from(
        [
            "# Heading `x`",
            "## Diagnosis",
            "text with `kubectl get pods <pod>` in it",
            "1. numbered",
            "- [ ] task",
            "[link](http://x) <b>html</b> &amp; **bold**",
            "| a | b |\n|---|---|\n| `ls -l` | c |",
            "Setext\n======",
            "<!-- comment -->",
            "***",
        ]
    ),
    st.text(
        st.characters(
            exclude_categories=["Cs"],
            exclude_characters="\r\n`~<>\\&#=-+*_|[]:\t 0123456789\x1f\x1c\x1d\x1e\x85\u2028\u2029",
        ),
        max_size=40,
    ),
)


@dataclass(frozen=True)
class Piece:
    """Lines of a file, and the bodies of the fences in them."""

    lines: list[str]
    bodies: list[list[str]]


@st.composite
def fences(draw: st.DrawFn) -> Piece:
    char = draw(st.sampled_from("`~"))
    info = draw(INFO)
    body = draw(st.lists(LINE, max_size=6))
    longest = max((len(line) - len(line.lstrip(char)) for line in (part.strip() for part in body)), default=0)
    mark = char * max(3, longest + 1)
    return Piece([f"{mark}{info}", *body, mark], [body])


def indented(piece: Piece, prefix: str, first: str) -> Piece:
    lines = [f"{first if number == 0 else prefix}{line}" for number, line in enumerate(piece.lines)]
    return Piece(lines, piece.bodies)


@st.composite
def held(draw: st.DrawFn) -> Piece:
    """A fence in a list, a quote, both, or ``<details>``."""
    piece = draw(fences())
    for holder in draw(st.lists(st.sampled_from(["quote", "list", "numbered", "details"]), max_size=3)):
        if holder == "quote":
            piece = indented(piece, "> ", "> ")
        elif holder == "list":
            piece = indented(Piece(["item", "", *piece.lines], piece.bodies), "  ", "- ")
        elif holder == "numbered":
            piece = indented(Piece(["item", "", *piece.lines], piece.bodies), "   ", "1. ")
        else:
            opening = draw(
                st.sampled_from([["<details>", "<summary>x</summary>", ""], ["<details><summary>x</summary>"]])
            )
            piece = Piece([*opening, *piece.lines, "", "</details>"], piece.bodies)
    return piece


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, list[str]]:
    ending = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    lines: list[str] = draw(
        st.sampled_from([[], ["---", "title: x", "weight: 3", "---"], ["+++", 'title = "x"', "+++"]])
    )
    lines = [*lines]
    bodies: list[str] = []
    for piece in draw(st.lists(st.one_of(PROSE.map(lambda text: Piece(text.split("\n"), [])), held()), max_size=8)):
        # A paragraph between two pieces keeps the second one out of the list of the first.
        lines += ["", "word", "", *piece.lines, ""]
        bodies += ["".join(f"{line}{ending}" for line in body) for body in piece.bodies]
    bom = draw(st.sampled_from(["", "\ufeff"]))
    return bytes_of(bom + "".join(f"{line}{ending}" for line in lines)), bodies


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(files())
def test_three_hundred_files(made: tuple[bytes, list[str]]) -> None:
    data, bodies = made
    found = book(data)
    assert found.mode is Mode.IMPORTED
    assert bytes_of(found.source) == data
    kept = [one.body for one in found.steps if one.kind is not StepKind.MANUAL and not one.is_inline]
    assert kept == bodies
    for step in found.steps:
        assert step.commands or step.blocked or not step.is_runnable
        assert not (step.is_runnable and step.unresolved)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("#`~<>-[] \n\t\r:{}ab\x00\u202e1.$\\'\"!|()*_"), max_size=200))
def test_any_characters_at_all(text: str) -> None:
    found = book(text)
    assert bytes_of(found.source) == text.encode("utf-8", "surrogateescape")
    assert all(one.line >= 1 for one in found.steps)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_at_all(data: bytes) -> None:
    assert bytes_of(book(b"---\noncall: 1\n---\n" + data).source).endswith(data)
