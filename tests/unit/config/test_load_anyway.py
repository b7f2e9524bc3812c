"""What can be read of a configuration that has problems."""

from pathlib import Path

import pytest

from oncall_tui.config.load import ConfigError, load, load_anyway

GOOD = '[sources.prom]\nkind = "prometheus"\nurl = "http://localhost:9090"\n'


def test_what_can_be_read_is_given_beside_the_problems(tmp_path: Path) -> None:
    path = tmp_path / "oncall.toml"
    path.write_text(GOOD + '[sources.pd]\nkind = "pagerduty"\n[display]\nutcc = true\n')
    config, problems = load_anyway(path)
    assert config.sources["prom"].url == "http://localhost:9090"
    assert [one.key for one in problems] == ["sources.pd.token", "display.utcc"]
    path.write_text(GOOD)
    assert load_anyway(path) == (load(path), ())


def test_what_is_no_toml_is_no_configuration_at_all(tmp_path: Path) -> None:
    path = tmp_path / "oncall.toml"
    path.write_text("[sources")
    with pytest.raises(ConfigError, match="not valid TOML"):
        load_anyway(path)
