"""The blocks of a file: places, bodies byte for byte, items and comments."""

import pytest

from oncall_tui.runbook.reading.blocks import Block, Comment, Fence, Heading, Paragraph, blocks_of
from oncall_tui.runbook.reading.text import text_of


def blocks(text: str, skipped: int = 0) -> list[Block]:
    return blocks_of(text_of(text.encode()).lines, skipped)


def fences(text: str) -> list[Fence]:
    return [one for one in blocks(text) if isinstance(one, Fence)]


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("```\nls\n```\n", "ls\n"),
        ("~~~sh\nls\n~~~\n", "ls\n"),
        ("````md\n```\nls\n```\n````\n", "```\nls\n```\n"),
        ("```\r\nls -l\r\n\r\npwd\r\n```\r\n", "ls -l\r\n\r\npwd\r\n"),
        ("```\n\tls\n  \tpwd\n```\n", "\tls\n  \tpwd\n"),
        ("- item\n\n  ```\n  ls\n    pwd\n  ```\n", "ls\n  pwd\n"),
        ("1. a\n   - b\n     ```\n     ls\n     ```\n", "ls\n"),
        ("> ```\n> ls\n>\n> pwd\n> ```\n", "ls\n\npwd\n"),
        ("> - ```\n>   ls\n>   ```\n", "ls\n"),
        ("<details>\n<summary>more</summary>\n\n```\nls\n```\n\n</details>\n", "ls\n"),
        ("<details>\n<summary>more</summary>\n```\nls\n```\n</details>\n", "ls\n"),
        ("```\nä\x00b\n```\n", "ä\x00b\n"),
        ("```\n```\n", ""),
        ("```\nls", "ls"),
        ("text\n```\nls\n```\n", "ls\n"),
    ],
)
def test_a_body_is_as_in_the_file(text: str, body: str) -> None:
    assert [one.body for one in fences(text)] == [body]


def test_a_fence_knows_its_place_and_whether_it_is_closed() -> None:
    first, second = fences("# a\n\n  ```bash {#x}\n  ls\n  ```\n\n> ~~~~ sh\n> ls\n")
    assert (first.line, first.last, first.info, first.info_column, first.is_closed) == (3, 5, "bash {#x}", 6, True)
    assert (second.line, second.last, second.info, second.info_column) == (7, 8, "sh", 8)
    assert not second.is_closed


def test_code_by_indentation_is_told_apart() -> None:
    (found,) = fences("text\n\n    ls\n    pwd\n")
    assert (found.body, found.is_fenced, found.line) == ("ls\npwd\n", False, 3)


def test_what_is_no_fence_makes_none() -> None:
    assert fences("<pre>\n```\nls\n```\n</pre>\n\n<!--\n```\nls\n```\n-->\n\n`` ` ``\n") == []


def test_headings_items_and_comments_in_the_order_of_the_file() -> None:
    text = "A\n=\n\n<!-- oncall\na: 1\n\nb: 2\n-->\n1. one\n2) two\n\n   ```\n   ls\n   ```\n"
    text += "- [ ] three\n  goes on\n\n  more\n"
    assert [one for one in blocks(text) if not isinstance(one, Fence)] == [
        Heading(1, 2, 1, "A"),
        Comment(4, 8, "<!-- oncall\na: 1\n\nb: 2\n-->\n"),
        Paragraph(9, 9, "one", "1."),
        Paragraph(10, 10, "two", "2)", has_fence=True),
        Paragraph(15, 16, "[ ] three\ngoes on", "-"),
        Paragraph(18, 18, "more"),
    ]


def test_lines_of_the_front_matter_are_no_markdown() -> None:
    assert blocks("---\n# no\n---\n# yes\n", skipped=3) == [Heading(4, 4, 1, "yes")]


@pytest.mark.parametrize("text", ["> " * 5_000 + "x\n", "- " * 2_000 + "x\n", "[" * 20_000, "`" * 20_000, "<" * 9_000])
def test_a_file_made_to_nest_ends_nothing(text: str) -> None:
    assert isinstance(blocks(text), list)
