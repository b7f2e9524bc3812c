"""Words as bash makes them: checked against what bash hands to a program."""

import subprocess

import pytest

from oncall_tui.runbook.classify.call import Call
from oncall_tui.runbook.classify.grammar import parsed
from oncall_tui.runbook.classify.options import grammar, scan
from oncall_tui.runbook.classify.variables import check_name, origins_of
from oncall_tui.runbook.classify.verdict import Unjudged
from oncall_tui.runbook.classify.walk import Walk
from oncall_tui.runbook.classify.words import HOLE, Origin, Sure, Word, word_of


def word(source: str, before: str = "") -> Word:
    """The last argument of ``echo``."""
    root = parsed(f"{before}\necho {source}")
    command = [node for node in root.children if node.type == "command"][-1]
    return word_of(command.children[-1], origins_of(root, frozenset({"carried"})))


@pytest.mark.parametrize(
    "source",
    [
        "plain",
        "'a b'",
        '"a b"',
        r"a\ b",
        r"\-x",
        r"-\x",
        r"'a\b'",
        r'"a\b"',
        r'"a\\b"',
        r'"a\"b"',
        r'"a\$b"',
        r'"a\`b"',
        "$'a\\tb'",
        "$'it\\'s'",
        "a'b'\"c\"d",
        "''",
        '""',
        "a''b",
        '"-"x',
        "'-'x",
        "-'x'",
        "--a='b c'",
        "{x",
        "x}",
        "{.a}",
        "a=b",
        "~x",
        "'a\nb'",
        '"a\nb"',
        r"\\",
        r"a\\b",
        r"\'",
        r"\"",
        '"$"',
        '"a$"',
        "'$x'",
        "'`x`'",
        r"a\#b",
        "a#b",
        "@",
        "%x",
        "^x",
        "a:b",
        "-",
        "--",
        "1",
        "2x",
        "é",
        "'é'",
    ],
)
def test_a_literal_word_is_what_bash_hands_over(source: str) -> None:
    made = subprocess.run(
        ["bash", "--norc", "-c", f"printf %s {source}"],
        capture_output=True,
        text=True,
        check=True,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    found = word(source)
    assert found.is_literal
    assert found.text == made.stdout


@pytest.mark.parametrize(
    ("source", "sure"),
    [
        ('"$free"', Sure.VALUE),
        ("$free", Sure.SPLIT),
        ('"x$free"', Sure.VALUE),
        ("x$free", Sure.SPLIT),
        ('"$free/x"', Sure.VALUE),
        ('"$clean"', Sure.VALUE),
        ("$clean", Sure.VALUE),
        ("$number", Sure.VALUE),
        ('"$dirty"', Sure.LOOSE),
        ("$dirty", Sure.LOOSE),
        ('"x/$dirty"', Sure.VALUE),
        ("x/$dirty", Sure.LOOSE),
        ('"-$dirty"', Sure.LOOSE),
        ('"-$free"', Sure.LOOSE),
        ('"$made"', Sure.LOOSE),
        ("$carried", Sure.LOOSE),
        ('"$carried"', Sure.LOOSE),
        ("$(x)", Sure.LOOSE),
        ('"$(x)"', Sure.LOOSE),
        ('"http://$(x)"', Sure.VALUE),
        ("http://$(x)", Sure.LOOSE),
        ("`x`", Sure.LOOSE),
        ("*", Sure.LOOSE),
        ("?x", Sure.LOOSE),
        ("x*", Sure.LITERAL),
        ("$1", Sure.LOOSE),
        ('"$@"', Sure.LOOSE),
        ("$?", Sure.VALUE),
        ("${#free}", Sure.VALUE),
        ("${free:-x}", Sure.LOOSE),
        ('"${free:-x}"', Sure.VALUE),
        ('"${free#x}"', Sure.LOOSE),
        ("$((1 + 2))", Sure.VALUE),
        ("<(x)", Sure.VALUE),
        ("{1..3}", Sure.LOOSE),
        ("$'\\x41'", Sure.LOOSE),
    ],
)
def test_how_much_is_known_of_a_word(source: str, sure: Sure) -> None:
    before = "clean=abc; number=5; dirty='-x y'; made=$(x)"
    found = word(source, before)
    assert found.sure is sure
    assert found.is_literal is (sure is Sure.LITERAL)


@pytest.mark.parametrize(
    "source",
    [
        "${x@P}",
        "${!x}",
        "${x:=y}",
        "${x[$(y)]}",
        "${x/a/$(y)}",
        "${x:-$(y)}",
        "${x:$(y)}",
        "{a,b}",
        "x{a,b}y",
        "{a..c}x",
        "${x^^}",
    ],
)
def test_expansions_that_do_more_than_look_are_refused(source: str) -> None:
    with pytest.raises(Unjudged):
        word(source)


def test_where_variables_come_from() -> None:
    body = "a=1; b=x/y; c='x y'; d=-x; e=$(f); g=1; g=-x; h+=x\nfor i in 1 2; do j=$((i + 1)); read -r k; done"
    assert origins_of(parsed(body), frozenset()) == {
        "a": Origin.NUMBER,
        "b": Origin.CLEAN,
        "c": Origin.DIRTY,
        "d": Origin.DIRTY,
        "e": Origin.DIRTY,
        "g": Origin.DIRTY,
        "h": Origin.DIRTY,
        "i": Origin.NUMBER,
        "j": Origin.NUMBER,
        "k": Origin.DIRTY,
    }


@pytest.mark.parametrize(
    "name",
    [
        "PATH",
        "IFS",
        "LD_PRELOAD",
        "LD_AUDIT",
        "BASH_ENV",
        "ENV",
        "PS4",
        "PROMPT_COMMAND",
        "PAGER",
        "LESSOPEN",
        "GIT_DIR",
        "EDITOR",
        "KUBECONFIG",
        "PYTHONPATH",
        "PERL5LIB",
        "NODE_OPTIONS",
        "SSLKEYLOGFILE",
        "http_proxy",
        "HTTPS_PROXY",
        "DBUS_X",
        "ZDOTDIR",
        "a b",
        "x[0]",
    ],
)
def test_names_that_change_what_programs_do(name: str) -> None:
    with pytest.raises(Unjudged):
        check_name(name, Word("x"), is_prefix=False)


def test_harmless_names_pass_and_unknown_capitals_only_outside_a_command() -> None:
    for name in ("LC_ALL", "TZ", "AWS_PROFILE", "PGHOST", "pod", "i"):
        check_name(name, Word("x"), is_prefix=True)
    check_name("NAMESPACE", Word("x"), is_prefix=False)
    check_name("PAGER", Word("cat"), is_prefix=True)
    with pytest.raises(Unjudged):
        check_name("NAMESPACE", Word("x"), is_prefix=True)


KNOWN = grammar("-a -b --all", "-n --name", "--color")


def found_in(*words: str | Word) -> tuple[list[tuple[str, str | None]], list[str]]:
    call = Call("tool", tuple(Word(word) if isinstance(word, str) else word for word in words), Walk({}))
    found = scan(call, KNOWN)
    return [(name, value.text if value else None) for name, value in found.options], [
        word.text for word in found.operands
    ]


def test_options_are_read_as_getopt_reads_them() -> None:
    assert found_in("-ab", "x", "--all") == ([("-a", None), ("-b", None), ("--all", None)], ["x"])
    assert found_in("-an5", "-n", "-1", "y") == ([("-a", None), ("-n", "5"), ("-n", "-1")], ["y"])
    assert found_in("-n", "-", "y") == ([("-n", "-")], ["y"])
    assert found_in("--name=x", "--name", "y", "--color", "--color=z", "-") == (
        [("--name", "x"), ("--name", "y"), ("--color", None), ("--color", "z")],
        ["-"],
    )
    assert found_in("-a", "--", "-x", "--all") == ([("-a", None)], ["-x", "--all"])


@pytest.mark.parametrize(
    "words",
    [
        ("-x",),
        ("-ax",),
        ("--al",),
        ("--all=x",),
        ("--nam=x",),
        ("-n",),
        ("-n", "-a"),
        ("--name", "--all"),
        ("--name",),
        ("--ALL",),
        (Word(HOLE, Sure.LOOSE),),
        (Word("-" + HOLE, Sure.VALUE),),
        (Word("--" + HOLE, Sure.VALUE),),
        (Word(HOLE, Sure.SPLIT),),
        ("-n", Word(HOLE, Sure.LOOSE)),
        ("--", Word(HOLE, Sure.SPLIT)),
    ],
)
def test_options_that_are_not_listed_or_not_known_are_refused(words: tuple[str | Word, ...]) -> None:
    with pytest.raises(Unjudged):
        found_in(*words)
