"""Values in queries and requests: whatever they hold, they arrive verbatim or are refused."""

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

import promql_parser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oncall_tui.runbook.binding.encode import (
    Bound,
    Unbound,
    check_http,
    check_promql,
    encode_http,
    encode_promql,
    names_in_templates,
)
from oncall_tui.runbook.options import Type
from tests.unit.runbook.hostile_values import HOSTILE

WRITABLE = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
CONFIG = frozenset({"base"})
BASE = Bound("https://api.example.com")


def matchers(query: str) -> Iterator[tuple[str, str, str]]:
    """Name, sign and value of the matchers of a selector."""
    selector = promql_parser.parse(query)
    assert isinstance(selector, promql_parser.VectorSelector)
    for matcher in selector.matchers.matchers:
        yield matcher.name, str(matcher.op), matcher.value


def test_the_list_is_as_long_as_promised() -> None:
    assert len(HOSTILE) >= 200


def reads_back_equal(value: str) -> None:
    ((_, _, back),) = matchers(encode_promql('up{x="{{v}}"}', {"v": Bound(value)}))
    assert back == value


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_is_one_string_of_promql(value: str) -> None:
    """The parser of the query language itself reads back what was put in."""
    reads_back_equal(value)


@settings(max_examples=300, deadline=None)
@given(WRITABLE)
def test_any_text_is_one_string_of_promql(value: str) -> None:
    reads_back_equal(value)


@pytest.mark.parametrize("value", [value for value in HOSTILE if len(value) < 300])
@pytest.mark.parametrize("sign", ["=~", "!~"])
def test_a_value_in_a_regular_expression_matches_itself_alone(sign: str, value: str) -> None:
    ((_, _, pattern),) = matchers(encode_promql(f'up{{x{sign}"{{{{v}}}}"}}', {"v": Bound(value)}))
    compiled = re.compile(pattern)
    assert compiled.fullmatch(value)
    assert compiled.fullmatch(value + "x") is None
    assert value == "" or compiled.fullmatch("") is None


def test_parts_of_strings_and_several_names_are_encoded_in_their_places() -> None:
    body = 'a{x="p-{{v}}-{{w}}", y=~"({{v}}|b).*"} > {{n}} # {{ not ours }}'.replace("# {{ not ours }}", "# note")
    values = {"v": Bound('a.b"'), "w": Bound("c"), "n": Bound("5", Type.INT)}
    assert encode_promql(body, values) == 'a{x="p-a.b\\"-c", y=~"(a\\\\.b\\\\\\"|b).*"} > 5 # note'
    assert names_in_templates(body) == {"v", "w", "n"}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("up{x={{v}}}", "outside quotes"),
        ("{{v}}", "outside quotes"),
        ("up > {{v}}", "outside quotes"),
        ("up{x='{{v}}'}", "other quotes"),
        ("up{x=`{{v}}`}", "other quotes"),
        ("up # {{v}}", "comment"),
        ('up{x="\\{{v}}"}', "behind a backslash"),
        ('label_replace(up, "a", "{{v}}", "b", "c")', "label_replace"),
        ('up{x="{{v}}', "does not end"),
        ('up{x="{{V}}"}', "begins no name"),
        ('up{x="{{.v}}"}', "begins no name"),
    ],
)
def test_places_where_no_text_may_stand_are_found_and_refused(body: str, words: str) -> None:
    (finding,) = check_promql(body, lambda name: Type.STRING)
    assert finding.rule == "P2" and words in finding.problem and finding.line == 1
    with pytest.raises(Unbound):
        encode_promql(body, {"v": Bound("x")})


def test_numbers_stand_bare_and_nothing_else_that_says_it_is_one() -> None:
    assert encode_promql("up > {{v}}", {"v": Bound("-0.5", Type.FLOAT)}) == "up > -0.5"
    for text in [value for value in HOSTILE if value not in ("0", "-1")]:
        with pytest.raises(Unbound):
            encode_promql("up > {{v}}", {"v": Bound(text, Type.INT)})


def test_a_name_without_a_value_blocks_and_no_message_tells_a_value() -> None:
    with pytest.raises(Unbound, match="v has no value"):
        encode_promql('up{x="{{v}}"}', {})
    with pytest.raises(Unbound) as caught:
        encode_http("GET {{base}}/{{v}}", {"base": Bound("hunter2"), "v": Bound("x")}, CONFIG)
    assert "hunter2" not in str(caught.value)


def test_findings_stand_on_their_line_and_column() -> None:
    (finding,) = check_promql("sum(\n  up{x={{v}}}\n)", lambda name: Type.STRING)
    assert (finding.line, finding.column) == (2, 8)


def climbs(value: str) -> bool:
    """Whether a server that decodes the path before it looks for ``..`` would take it elsewhere."""
    return {".", ".."} & set(re.split(r"[/\\;]", unquote(unquote(value)))) != set()


@pytest.mark.parametrize(
    "value", ["../admin", "a/../../admin", "..\\admin", "%2e%2e/admin", "%252e%252e%252fx", "..;/x"]
)
def test_no_value_climbs_out_of_its_place_in_a_path(value: str) -> None:
    assert climbs(value)
    with pytest.raises(Unbound, match="another place"):
        encode_http("GET {{base}}/a/{{v}}", {"base": BASE, "v": Bound(value)}, CONFIG)
    assert value not in encode_http("GET {{base}}/a?x={{v}}", {"base": BASE, "v": Bound(value)}, CONFIG)


def arrives(value: str) -> None:
    """In path, query and body, or refused."""
    head = "POST {{base}}/a/{{v}}/b?x={{v}}&y=1\nContent-Type: application/json"
    body = head + '\n\n{"a": "<{{v}}>", "b": {{v}}, "n": {{n}}}'
    values = {"base": BASE, "v": Bound(value), "n": Bound("7", Type.INT)}
    try:
        sent = encode_http(body, values, CONFIG)
    except Unbound:
        assert value in ("", ".", "..") or not value.isprintable() or climbs(value)
        return
    assert not climbs(value)
    head, _, content = sent.partition("\n\n")
    first, *headers = head.split("\n")
    assert headers == ["Content-Type: application/json"]
    method, _, url = first.partition(" ")
    assert method == "POST" and url.isascii() and url.isprintable() and " " not in url
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.fragment) == ("https", "api.example.com", "")
    assert [unquote(piece) for piece in parts.path.split("/")] == ["", "a", value, "b"]
    assert parse_qs(parts.query, keep_blank_values=True) == {"x": [value], "y": ["1"]}
    assert json.loads(content) == {"a": f"<{value}>", "b": value, "n": 7}


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_arrives_at_the_server_as_it_is(value: str) -> None:
    arrives(value)


@settings(max_examples=300, deadline=None)
@given(WRITABLE)
def test_any_text_arrives_at_the_server_as_it_is(value: str) -> None:
    arrives(value)


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_of_the_configuration_changes_more_than_the_host(value: str) -> None:
    try:
        sent = encode_http("GET {{base}}/x", {"base": Bound(value)}, CONFIG)
    except Unbound:
        return
    assert value.startswith(("http://", "https://")) and sent == f"GET {value.rstrip('/')}/x"


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_makes_another_header(value: str) -> None:
    try:
        sent = encode_http("GET {{base}}/x\nX-Id: {{v}}", {"base": BASE, "v": Bound(value)}, CONFIG)
    except Unbound:
        return
    assert sent == f"GET https://api.example.com/x\nX-Id: {value}"
    assert "\n" not in value and "\r" not in value


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("GET https://api.example.com/x", "does not begin"),
        ("GET https://{{base}}/x", "does not begin"),
        ("GET {{v}}/x", "does not begin"),
        ("GET {{base}}{{v}}", "change the host"),
        ("GET {{base}}.evil.example/x", "change the host"),
        ("GET {{base}}:80/x", "change the host"),
        ("GET {{base}}@evil/x", "change the host"),
        ("{{v}} {{base}}/x", "method"),
        ("GET {{base}}/x\nX-{{v}}: a", "name of a header"),
        ("GET {{base}}/{{V}}", "begins no name"),
        ("POST {{base}}/x\n\na={{v}}", "no JSON"),
    ],
)
def test_what_could_reach_another_host_is_found_and_refused(body: str, words: str) -> None:
    findings = check_http(body, CONFIG)
    assert any(words in finding.problem for finding in findings) and {one.rule for one in findings} == {"H1"}
    with pytest.raises(Unbound):
        encode_http(body, {"base": BASE, "v": Bound("x")}, CONFIG)


@pytest.mark.parametrize("path", ["/a/{{v}}", "/{{v}}/b", "/a/.{{v}}", "/a/{{v}}.", "/{{v}}{{v}}"])
@pytest.mark.parametrize("value", [".", "..", ""])
def test_no_value_climbs_up_the_path(path: str, value: str) -> None:
    try:
        sent = encode_http(f"GET {{{{base}}}}{path}", {"base": BASE, "v": Bound(value)}, CONFIG)
    except Unbound:
        return
    assert not {".", ".."} & set(urlsplit(sent.split(" ")[1]).path.split("/"))


def test_types_of_json_are_kept() -> None:
    body = 'PUT {{base}}\n\n[{{n}}, {{b}}, {{s}}, "{{n}}", null]'
    values = {"base": BASE, "n": Bound("3", Type.INT), "b": Bound("true", Type.BOOL), "s": Bound("true")}
    assert json.loads(encode_http(body, values, CONFIG).partition("\n\n")[2]) == [3, True, "true", "3", None]
