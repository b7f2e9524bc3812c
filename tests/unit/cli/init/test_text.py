"""The words of the file: whatever foreign names it holds, it loads to what was meant."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.cli.init.draft import Draft, DraftSource, LatencyDraft
from oncall_tui.cli.init.text import as_text
from oncall_tui.config.load import load
from oncall_tui.config.model import Config, PagerDutySettings, PrometheusSettings
from oncall_tui.domain.text import clean_line

TODAY = date(2026, 11, 21)
PROMETHEUS = DraftSource("prometheus", PrometheusSettings(url="http://localhost:9090"))


def loaded(draft: Draft, folder: Path) -> Config:
    path = folder / "oncall.toml"
    path.write_text(as_text(draft, TODAY), encoding="utf-8")
    return load(path)


def test_the_least_there_can_be_loads(tmp_path: Path) -> None:
    assert loaded(Draft([PROMETHEUS]), tmp_path) == Config(sources={"prometheus": PROMETHEUS.settings})


def test_every_commented_line_of_settings_would_be_good_too(tmp_path: Path) -> None:
    draft = Draft([PROMETHEUS, DraftSource("pagerduty", PagerDutySettings(token="env:T"))], services=("api",))
    lines = as_text(draft, TODAY).splitlines()
    is_setting = [line.startswith(("# [", "# ")) and ("=" in line or line.startswith("# [")) for line in lines]
    left_out = ("ca_file", "written by")
    uncommented = [
        line.removeprefix("# ") if wanted and not any(one in line for one in left_out) else line
        for line, wanted in zip(lines, is_setting, strict=True)
    ]
    path = tmp_path / "oncall.toml"
    path.write_text("\n".join(uncommented))
    config = load(path)
    assert config.services["api"].checks[0].name == "queue"
    assert config.display.theme == "oncall-light"
    assert config.is_production is False
    assert config.environments["production"].production


HOSTILE = [
    'it\'s "quoted"',
    "a\\b",
    "]\n[sources.evil]",
    "emoji 🔥 and 中文",
    "tab\tand \x7f and \x9b31m",
    "'''",
    '"""',
    "# not a comment",
    "ends with \\",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_foreign_names_stay_values(name: str, tmp_path: Path) -> None:
    name = clean_line(name)
    source = DraftSource(
        "pagerduty",
        PagerDutySettings(token="env:T", teams=("PT1",)),
        said=(f"PagerDuty as {name}.",),
        names={"PT1": name},
    )
    draft = Draft([PROMETHEUS, source], (name,), {name: True}, name, {name: (f"{name} API",)}, None)
    config = loaded(draft, tmp_path)
    assert list(config.sources) == ["prometheus", "pagerduty"]
    assert config.display.environment == name
    assert config.services[name].aliases == (f"{name} API",)


@given(st.text(min_size=1, max_size=40))
def test_any_service_can_have_a_chart(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    name = clean_line(name) or "x"
    draft = Draft([PROMETHEUS], (name,), latency=LatencyDraft(name, "service", 300))
    config = loaded(draft, tmp_path_factory.mktemp("chart"))
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    check = config.services[name].checks[0]
    assert f'{{service="{quoted}"}}' in check.query
    assert (check.warning, check.critical) == (300, 600)
    assert config.display.chart is not None
    assert config.display.chart.service == name
