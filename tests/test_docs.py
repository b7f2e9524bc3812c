"""The documents hold every key, verb, option and field there is, and their examples are right."""

import json
import re
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, get_type_hints, is_typeddict

import click
import msgspec
import pytest

from oncall_tui.cli import shapes, shapes_actions, shapes_acts, shapes_past, shapes_run, shapes_runbook, shapes_setup
from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.main import VERBS, group
from oncall_tui.config import model
from oncall_tui.config.load import load
from oncall_tui.config.rules.values import DURATIONS
from oncall_tui.domain.filter_fields import FIELDS
from oncall_tui.domain.filtering import read_filter
from oncall_tui.sources.base import Topic
from oncall_tui.ui.commands import REGISTRY
from oncall_tui.ui.keymap import read_keymap
from oncall_tui.ui.keynames import key_name, shown

DOCS = Path(__file__).parent.parent / "docs"
CONFIGURATION = (DOCS / "configuration.md").read_text()
JSON = (DOCS / "json.md").read_text()
README = (DOCS.parent / "README.md").read_text()
EVERYTHING = "\n".join(path.read_text() for path in sorted(DOCS.rglob("*.md")))

TABLES: dict[type[model.Struct], str] = {
    model.SourceSettings: "## Sources",
    model.PrometheusSettings: "### Prometheus",
    model.AlertmanagerSettings: "### Alertmanager",
    model.PagerDutySettings: "### PagerDuty",
    model.SentrySettings: "### Sentry",
    model.ServiceSettings: "## Services and checks",
    model.CheckSettings: "## Services and checks",
    model.EnvironmentSettings: "## Environments",
    model.SeveritySettings: "## Severity",
    model.DisplaySettings: "## Display",
    model.FilterSettings: "## Filters",
    model.ActionSettings: "## Actions",
    model.InputSettings: "### Inputs",
    model.ChartSettings: "## Display",
    model.LineSettings: "## Display",
    model.NotifySettings: "## Notifications",
    model.QuietSettings: "### Quiet hours",
    model.CommandSettings: "### A program of yours",
    model.OnCallSettings: "## On call",
    model.JournalSettings: "## Journal",
    model.RunbooksSettings: "## Runbooks",
    model.DatabaseSettings: "### Databases",
}
"""The section that describes each table of the configuration."""

OBJECTS: dict[str, Any] = {
    "## Every listing": shapes.Picture,
    "## Source": shapes.SourceObject,
    "## Error": shapes.ErrorObject,
    "## Alerts": shapes.AlertsPicture,
    "## Alert": shapes.AlertObject,
    "## Record": shapes.RecordObject,
    "## Suspect": shapes.SuspectObject,
    "## Services": shapes.ServicesPicture,
    "## Service": shapes.ServiceObject,
    "## Targets": shapes.TargetsObject,
    "## Check": shapes.CheckObject,
    "## Deployments": shapes.DeploymentsPicture,
    "## Deployment": shapes.DeploymentObject,
    "## Status": shapes.StatusPicture,
    "## On call": shapes_past.OnCallPicture,
    "## My shifts": shapes_past.MyShiftsObject,
    "## Shift": shapes_past.ShiftObject,
    "## Policy": shapes_past.PolicyObject,
    "## Level": shapes_past.LevelObject,
    "## Pages": shapes_past.PagesObject,
    "## Page day": shapes_past.PageDayObject,
    "## History": shapes_past.HistoryAnswer,
    "## Firing": shapes_past.FiringObject,
    "## Past note": shapes_past.PastNoteObject,
    "## Act": shapes_acts.ActAnswer,
    "## Act result": shapes_acts.ResultObject,
    "## Create": shapes_acts.CreateAnswer,
    "## Paged": shapes_acts.PagedObject,
    "## Action": shapes_actions.ActionAnswer,
    "## Action results": shapes_actions.ActionResultsAnswer,
    "## Actions": shapes_actions.ActionsAnswer,
    "## Listed action": shapes_actions.ActionObject,
    "## Outbox": shapes_acts.OutboxAnswer,
    "## Waiting": shapes_acts.WaitingObject,
    "## Silence": shapes_acts.SilenceAnswer,
    "## Covered": shapes_acts.CoveredObject,
    "## Silences": shapes_acts.SilencesAnswer,
    "## Standing silence": shapes_acts.SilenceObject,
    "## Config check": shapes_setup.ConfigCheckAnswer,
    "## Problem": shapes_setup.ProblemObject,
    "## Config init": shapes_setup.ConfigInitAnswer,
    "## Init source": shapes_setup.InitSourceObject,
    "## Runbooks": shapes_runbook.RunbooksAnswer,
    "## Runbook": shapes_runbook.RunbookObject,
    "## Runbook found": shapes_runbook.RunbookFindAnswer,
    "## Runbook candidate": shapes_runbook.RunbookCandidateObject,
    "## Runbook shown": shapes_runbook.RunbookShowAnswer,
    "## Runbook parameter": shapes_runbook.RunbookParameterObject,
    "## Runbook step": shapes_runbook.RunbookStepObject,
    "## Runbook lint": shapes_runbook.RunbookLintAnswer,
    "## Runbook finding": shapes_runbook.RunbookFindingObject,
    "## Runbook written": shapes_runbook.RunbookNewAnswer,
    "## Runbook run": shapes_run.RunbookRunAnswer,
    "## Runbook event": shapes_run.RunbookEventObject,
    "## Runbook value": shapes_run.RunbookGivenObject,
    "## Runbook unit": shapes_run.RunbookUnitObject,
    "## Runbook runs": shapes_run.RunbookRunsAnswer,
    "## Runbook past": shapes_run.RunbookPastObject,
    "## Runbook tests": shapes_run.RunbookTestAnswer,
    "## Runbook case": shapes_run.RunbookCaseObject,
    "## Runbook trouble": shapes_run.RunbookTroubleObject,
    "## Doctor": shapes_setup.DoctorAnswer,
    "## Area": shapes_setup.AreaObject,
    "## Finding": shapes_setup.FindingObject,
}
"""The object that each section of docs/json.md describes."""


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next one of its level or above."""
    level = len(heading) - len(heading.lstrip("#"))
    found = re.search(rf"^{re.escape(heading)}$\n(.*?)(?=^#{{1,{level}}} |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"no section {heading!r}"
    return found[1]


def rows(text: str) -> dict[str, str]:
    """The rows of the tables in a text by the code in their first cell."""
    return {name: row for row, name in re.findall(r"^(\| `([^`]+)` \|.*)$", text, re.MULTILINE)}


def fields(kind: type[model.Struct]) -> Iterator[msgspec.structs.FieldInfo]:
    """The keys of a table; a source's table says again only what it adds or changes."""
    shared = {field.name: field for field in msgspec.structs.fields(model.SourceSettings)}
    for field in msgspec.structs.fields(kind):
        is_inherited = kind is not model.SourceSettings and issubclass(kind, model.SourceSettings)
        if not (is_inherited and field.name in shared and shared[field.name].default == field.default):
            yield field


def test_every_table_of_the_configuration_has_a_section() -> None:
    kinds = {kind for kind in vars(model).values() if isinstance(kind, type) and issubclass(kind, model.Struct)}
    assert kinds - {model.Struct, model.Config} == set(TABLES)
    for field in fields(model.Config):
        assert re.search(rf"\[{field.encode_name}[.\]]", CONFIGURATION), field.encode_name


@pytest.mark.parametrize("kind", TABLES, ids=lambda kind: kind.__name__)
def test_every_key_is_described_with_its_default(kind: type[model.Struct]) -> None:
    text = section(CONFIGURATION, TABLES[kind])
    described = rows(text)
    for field in fields(kind):
        if kind is model.LineSettings:
            assert f"`{field.encode_name}`" in text
            continue
        assert field.encode_name in described, field.encode_name
        if isinstance(field.default, str | bool | int) and field.default != "":
            word = json.dumps(field.default)
            assert f"`{word}`" in described[field.encode_name], f"{field.encode_name}: {word}"


@pytest.mark.parametrize("name", DURATIONS)
def test_the_bounds_of_every_span_of_time_are_told(name: str) -> None:
    bounds = DURATIONS[name]
    if name not in ("warning_for", "critical_for"):
        assert f"from {bounds.shortest} to {bounds.longest}" in rows(CONFIGURATION)[name]


def test_no_key_is_described_that_does_not_exist() -> None:
    known = {"kind"} | {field.encode_name for kind in TABLES for field in fields(kind)}
    assert {name for name in rows(CONFIGURATION) if name.isidentifier()} <= known


def examples(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", examples(CONFIGURATION, "toml"))
def test_every_example_is_a_good_configuration(example: str, tmp_path: Path) -> None:
    for name in ("inside-ca.pem", "me.pem", "me.key"):
        (tmp_path / name).touch()
    text = example.replace("~/certificates/", "")
    if "prometheus" not in tomllib.loads(text).get("sources", {}):
        text += '\n[sources.prometheus]\nkind = "prometheus"\nurl = "http://localhost:9090"\n'
    path = tmp_path / "oncall.toml"
    path.write_text(text)
    assert load(path).sources


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """A verb and the verbs under it, by full name."""
    if isinstance(command, click.Group):
        for child in command.commands.values():
            yield from commands(child, f"{name} {child.name}")
    else:
        yield name, command


def verbs() -> list[tuple[str, click.Command]]:
    present = {name: verb for name, verb in VERBS.items() if find_spec(verb.module) is not None}
    return [found for name, verb in present.items() for found in commands(verb.load(), f"oncall-tui {name}")]


def test_every_verb_is_described() -> None:
    assert len(verbs()) >= 7
    for name in VERBS:
        assert f"`oncall-tui {name}" in EVERYTHING, name


@pytest.mark.parametrize(("name", "command"), verbs(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_option_of_a_verb_is_described_beside_it(name: str, command: click.Command) -> None:
    assert command.help
    assert f"`{name}" in EVERYTHING, name
    beside = "\n".join(line for line in EVERYTHING.splitlines() if f"`{name}" in line)
    for option in (parameter for parameter in command.params if isinstance(parameter, click.Option)):
        assert option.help, option.name
        assert any(f"`{spelling}" in beside for spelling in option.opts), f"{name} {option.opts}"


def test_every_option_before_the_verb_is_described() -> None:
    text = section(JSON, "## Options before the verb")
    for option in group.params:
        assert any(f"`{spelling}" in text for spelling in option.opts), option.opts
    assert "`-h`, `--help`" in text


def test_every_exit_code_is_described() -> None:
    text = section(JSON, "## Exit codes")
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}
    assert told == {int(code) for code in ExitCode.__members__.values()}


def test_every_object_of_the_schema_has_a_section() -> None:
    modules = (shapes, shapes_actions, shapes_acts, shapes_past, shapes_run, shapes_runbook, shapes_setup)
    kinds = [kind for module in modules for kind in vars(module).values()]
    assert {kind for kind in kinds if is_typeddict(kind)} == set(OBJECTS.values())


@pytest.mark.parametrize("heading", OBJECTS)
def test_every_field_is_described_and_no_other(heading: str) -> None:
    expected = set(OBJECTS[heading].__annotations__)
    if heading in ("## Alerts", "## Services", "## Deployments", "## Status", "## On call"):
        expected -= set(shapes.Picture.__annotations__)
    assert set(rows(section(JSON, heading))) == expected


def test_every_topic_of_a_finding_is_told() -> None:
    row = rows(section(JSON, "## Finding"))["topic"]
    assert set(re.findall(r"`([a-z]+)`", row)) - {"topic"} == {topic.value for topic in Topic}


ANSWERS = {
    "## Alerts": 1,
    "## Services": 1,
    "## Deployments": 1,
    "## Status": 1,
    "## Act": 1,
    "## Config check": 1,
    "## Config init": 1,
    "## Runbook found": 1,
    "## Runbook shown": 1,
    "## Doctor": 1,
}


@pytest.mark.parametrize("heading", ANSWERS)
def test_every_example_has_the_shape_of_its_object(heading: str) -> None:
    found = examples(section(JSON, heading), "json")
    assert len(found) == ANSWERS[heading]
    check_shape(json.loads(found[0]), OBJECTS[heading], heading)


def check_shape(value: Any, kind: Any, place: str) -> None:
    """Hold a value against a TypedDict, all the way down: every key, no other, and values of their types."""
    if is_typeddict(kind):
        hints = get_type_hints(kind)
        assert set(value) == set(hints), place
        for name, hint in hints.items():
            check_shape(value[name], hint, f"{place}.{name}")
    elif getattr(kind, "__origin__", None) is list:
        for one in value:
            check_shape(one, kind.__args__[0], place)
    elif value is not None and any(is_typeddict(one) for one in getattr(kind, "__args__", ())):
        check_shape(value, kind.__args__[0], place)
    else:
        msgspec.convert(value, kind)


def keys_of_the_readme() -> list[str]:
    """The keys that the README's table names, as people write them."""
    cells = re.findall(r"^\| ((?:`[^`]+` ?)+)\|", section(README, "## Keys"), re.MULTILINE)
    return [key for cell in cells for key in re.findall(r"`([^`]+)`", cell)]


def test_the_readme_names_every_key_and_no_dead_one() -> None:
    bound = {shown(key) for key in read_keymap({}).commands}
    told = keys_of_the_readme()
    assert sorted(told) == sorted(set(told))
    assert {key.replace("ctrl+", "^") for key in told} == bound


def test_docs_of_keys_tell_every_command_with_its_default_keys_and_what_it_does() -> None:
    keymap = read_keymap({})
    told = {name: row for name, row in rows((DOCS / "keys.md").read_text()).items() if "." in name}
    assert list(told) == list(REGISTRY)
    for command in REGISTRY.values():
        _, _, keys, does, _ = told[command.id].split("|")
        names = [key_name(key) for key in re.findall(r"`([^`]+)`", keys)]
        assert tuple(names) == keymap.bindings[command.id]
        assert does.strip() == command.summary()


def test_every_field_of_a_filter_is_described_and_every_example_is_one() -> None:
    page = (DOCS / "filters.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert set(rows) - {"timeout"} == set(FIELDS)
    examples = [one for one in re.findall(r"`([^`\n]+)`", page) if re.search(r"[:<=]", one) and "field" not in one]
    assert len(examples) >= 8
    assert [one for one in examples if read_filter(one).problems] == []
