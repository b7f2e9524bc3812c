"""Addresses and paths of annotations, taken apart."""

import pytest

from oncall_tui.runbook.catalogue.address import Address, address_of


@pytest.mark.parametrize(
    ("text", "parts", "anchor", "is_url"),
    [
        ("https://x/a/b.md", ("a", "b.md"), "", True),
        ("https://x/a/b.md?raw=1#some-Heading", ("a", "b.md"), "some-Heading", True),
        ("https://x/a%20b/c.md#a%20b", ("a b", "c.md"), "a b", True),
        ("https://x", (), "", True),
        ("a/b.md", ("a", "b.md"), "", False),
        ("./a//b.md#x", ("a", "b.md"), "x", False),
        ("/a/b.md", ("a", "b.md"), "", False),
        ("HighLatency", ("HighLatency",), "", False),
    ],
)
def test_what_is_taken_apart(text: str, parts: tuple[str, ...], anchor: str, is_url: bool) -> None:
    found = address_of(text)
    assert isinstance(found, Address)
    assert (found.parts, found.anchor, found.is_url) == (parts, anchor, is_url)


@pytest.mark.parametrize(
    "text",
    [
        "..",
        "../a",
        "a/../b",
        "https://x/a/..%2fb",
        "https://x/%2e%2e/b",
        "a\\..\\b",
        "ftp://x/a",
        "data:text/html,x",
        "javascript:x",
        "a\nb",
        "a%0ab",
        "https://[x/",
        "x" * 2_001,
    ],
)
def test_what_is_refused_says_why(text: str) -> None:
    found = address_of(text)
    assert isinstance(found, str)
    assert found
