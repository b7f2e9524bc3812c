"""What the doctor says of the file, the theme and the keys."""

import os
from pathlib import Path

from oncall_tui.cli.doctor import configuration
from oncall_tui.config.load import load_anyway
from oncall_tui.config.model import (
    ActionSettings,
    Config,
    DisplaySettings,
    FilterSettings,
    JournalSettings,
    PrometheusSettings,
    SeveritySettings,
)
from oncall_tui.sources.base import Topic
from tests.unit.cli.doctor.findings import FAILED, OK, WARNING, only, told

GOOD = 'name = "night"\n[colors]\nprimary = "#7aa2f7"\nforeground = "#ffffff"\nbackground = "#000000"\n'


def test_every_problem_says_where_and_what_to_write(tmp_path: Path) -> None:
    path = tmp_path / "oncall.toml"
    path.write_text('[sources.prom]\nkind = "prometheus"\nurl = "http://p"\nintervall = "5s"\n')
    _, problems = load_anyway(path)
    finding = only(configuration.problem_findings(problems))
    assert (finding.state, finding.topic) == (FAILED, Topic.SETTINGS)
    assert finding.what == "line 4: sources.prom.intervall: unknown key."
    assert finding.advice == 'Did you mean "interval"?'


def test_only_the_source_whose_settings_are_wrong_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "oncall.toml"
    text = '[sources.prom]\nkind = "prometheus"\nurl = "http://p"\n'
    path.write_text(text + '[sources.prom2]\nkind = "prometheus"\nurl = "nowhere"\n[display]\nnothing = 1\n')
    _, problems = load_anyway(path)
    assert configuration.is_wrong(("sources", "prom2"), problems)
    assert not configuration.is_wrong(("sources", "prom"), problems)


def test_a_token_on_an_open_road_is_a_warning() -> None:
    settings = PrometheusSettings(url="http://far.example.com", token="env:T", allow_insecure=True)
    found = configuration.setting_findings(Config(sources={"far": settings}))
    assert [one.state for one in found] == [OK, WARNING]
    assert "sources.far" in found[1].what


def test_a_private_key_that_others_may_read_is_a_warning(tmp_path: Path) -> None:
    key = tmp_path / "me.key"
    key.touch(0o640)
    key.chmod(0o640)
    config = Config(sources={"p": PrometheusSettings(url="https://p", client_key=key)})
    wrong = only(one for one in configuration.setting_findings(config) if one.state is not OK)
    assert (wrong.state, wrong.topic) == (WARNING, Topic.SECRET)
    assert "chmod 600" in wrong.advice
    key.chmod(0o600)
    assert [one.state for one in configuration.setting_findings(config)] == [OK]


def test_a_theme_that_is_none_is_a_warning_with_the_one_that_was_meant(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path)}
    fine = configuration.theme_findings(Config(), environ)
    assert [(one.state, one.what) for one in fine] == [(OK, "Theme oncall-dark.")]
    wrong = configuration.theme_findings(Config(display=DisplaySettings(theme="oncal-dark")), environ)
    assert (only(wrong).state, only(wrong).advice) == (WARNING, 'Did you mean "oncall-dark"?')


def test_theme_files_are_looked_at_as_the_screen_does(tmp_path: Path) -> None:
    """A pipe would be waited for without end; of two themes of one name the second is of no use."""
    own = tmp_path / "oncall-tui" / "themes"
    own.mkdir(parents=True)
    os.mkfifo(own / "pipe.toml")
    for name in ("a", "b"):
        (own / f"{name}.toml").write_text(GOOD)
    finding = only(configuration.theme_findings(Config(), {"XDG_CONFIG_HOME": str(tmp_path)}))
    assert finding.what == 'Theme b.toml: name: "night" is the name of the theme in a.toml already.'


def test_a_theme_file_that_is_broken_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "oncall-tui" / "themes"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text('name = "mine"\n[colors]\nprimary = "no colour"\n')
    finding = only(configuration.theme_findings(Config(), {"XDG_CONFIG_HOME": str(tmp_path)}))
    assert finding.state is WARNING
    assert "mine.toml" in finding.what and str(folder) in finding.advice


def test_a_key_map_is_told_as_a_whole() -> None:
    assert configuration.key_findings(Config()) == []
    good = only(configuration.key_findings(Config(keys={"alert.acknowledge": "A"})))
    assert (good.state, good.what) == (OK, "1 command with a key of your own.")
    bad = configuration.key_findings(Config(keys={"alert.acknowledg": "A"}))
    assert [one.state for one in bad] == [WARNING, WARNING]
    assert "alert.acknowledg" in bad[0].what
    assert "default keys" in bad[1].what


def test_keys_of_filters_and_actions_are_looked_at_without_a_key_map_too() -> None:
    night, look = FilterSettings(name="night", key="f2"), ActionSettings(name="look", run=("uptime",), key="f6")
    good = only(configuration.key_findings(Config(filters=(night,), actions=(look,))))
    assert (good.state, good.what) == (OK, "2 commands with a key of your own.")
    bad = configuration.key_findings(Config(actions=(ActionSettings(name="look", run=("uptime",), key="s"),)))
    assert "actions[0].key" in bad[0].what
    assert bad[0].state is WARNING


def test_without_a_configuration_it_says_how_to_begin(tmp_path: Path) -> None:
    finding = only(configuration.no_configuration(tmp_path / "oncall.toml"))
    assert finding.state is FAILED
    assert str(tmp_path) in finding.what
    assert told([finding], Topic.SETTINGS)


def test_what_is_wrong_is_left_out_so_that_the_rest_can_be_tried(tmp_path: Path) -> None:
    path = tmp_path / "oncall.toml"
    path.write_text(
        '[sources.prom]\nkind = "prometheus"\nurl = "http://p"\n[severity]\nunknown = "P9"\n'
        '[services.web]\n[services.api]\n[[services.api.checks]]\nname = "a"\nquery = "q"\nwarning_severity = "bad"\n'
        '[display.chart]\ntitle = "t"\nspan = "soon"\n[[display.chart.lines]]\nname = "l"\nquery = "q"\n'
        f'[journal]\npath = "{tmp_path}"\n'
    )
    config, problems = load_anyway(path)
    assert len(problems) == 4
    usable = configuration.usable(config, problems)
    assert list(usable.services) == ["web"]
    assert (usable.display.chart, usable.severity, usable.journal) == (None, SeveritySettings(), JournalSettings())
    assert usable.sources == config.sources
    assert configuration.usable(config, ()) == config
