"""Hostile text in every place of a runbook and of its alert: nothing fails, and nothing gets through."""

import json
from pathlib import Path

import pytest

from oncall_tui.domain.text import clean
from oncall_tui.runbook.model import Runbook, StepKind
from oncall_tui.runbook.reading.text import bytes_of
from tests.nasty.corpus import MARKUP, SEQUENCES, UNICODE
from tests.unit.cli.runbook.desk import Desk
from tests.unit.runbook.books import book

TEXTS = {**MARKUP, **SEQUENCES, **UNICODE}
PLACES = {
    "the title": "---\ntitle: '{}'\n---\n# x\n",
    "a heading": "# {}\n## {}\n",
    "a tag": "```{}\nls\n```\n",
    "a fence": "```bash\nls {}\n```\n",
    "an untagged fence": "```\nkubectl get {}\n```\n",
    "a terminal": "```console\n$ ls\n{}\n$ {}\n```\n",
    "a placeholder": "```bash\nls <{}>\n```\n",
    "a query": '```promql\nup{{a="{}"}}\n```\n',
    "an item": "- [ ] {}\n1. {}\n",
    "inline code": "try `ls {}` now\n",
    "a native title": "---\noncall: 1\ntitle: '{}'\n---\n",
    "a native key": "---\noncall: 1\n'{}': x\n---\n",
    "an attribute": '---\noncall: 1\n---\n```bash {{#x a="{}"}}\nls\n```\n',
    "a directive": "---\noncall: 1\n---\n<!-- oncall\n{}: x\n-->\n```bash {{#x}}\nls\n```\n",
    "an expression": "---\noncall: 1\nlet: {{x: '{}'}}\n---\n",
    "a parameter": "---\noncall: 1\nparams: {{x: {{default: '{}'}}}}\n---\n",
}


def told(found: Runbook) -> list[str]:
    """Everything that a screen would draw as prose."""
    texts = [found.title, found.id, found.owner, *(one.heading for one in found.sections)]
    texts += [one.body for one in found.steps if one.kind is StepKind.MANUAL]
    texts += [reason for one in found.steps for reason in one.blocked]
    return texts + [str(one) for one in found.findings]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", TEXTS)
def test_a_runbook_with_it_opens_and_what_is_drawn_is_clean(place: str, name: str) -> None:
    text = PLACES[place].replace("{}", TEXTS[name]).replace("{{", "{").replace("}}", "}")
    # Half a character becomes bytes that are no UTF-8.
    data = text.encode("utf-8", "surrogatepass")
    found = book(data)
    assert bytes_of(found.source) == data
    for shown in told(found):
        assert clean(shown, len(shown) + 1) == shown
    for step in found.steps:
        commands = "".join(one.text for one in step.commands)
        if step.is_runnable:
            assert clean(commands, len(commands) + 1) == commands


@pytest.mark.parametrize("name", TEXTS)
def test_an_alert_with_it_finds_nothing_and_prints_plain_text(name: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.put("a.md", "---\noncall: 1\nmatch: [{alertname: x, team: ~.*y}]\n---\n# x\n")
    text = TEXTS[name].replace("\x00", "").encode("utf-8", "replace").decode()
    arguments = ("--alertname", text, "--label", f"team={text}", "--annotation", f"runbook={text}")
    plain = desk.run("find", *arguments)
    assert plain.exit_code == 0
    assert clean(plain.output, len(plain.output) + 1) == plain.output
    assert json.loads(desk.run("find", *arguments, "--json").stdout)["file"] is None


@pytest.mark.parametrize("name", TEXTS)
def test_a_label_with_it_becomes_no_value(name: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    path = desk.put("a.md", "```bash\nls <pod>\n```\n")
    text = TEXTS[name].encode("utf-8", "replace").decode()
    shown = desk.data("show", str(path), "--label", f"pod={text}")
    assert shown["parameters"][0]["value"] is None
    assert shown["steps"][0]["runnable"] is False
    assert shown["steps"][0]["commands"] == ['ls "${oc_pod}"']
