"""``[runbooks]``: folders, addresses, and values for parameters."""

from pathlib import Path

import pytest

from oncall_tui.config.errors import ConfigError
from oncall_tui.config.load import load
from oncall_tui.config.model import RunbooksSettings
from oncall_tui.config.paths import cache_dir
from oncall_tui.config.show import as_toml

SOURCE = '[sources.prom]\nkind = "prometheus"\nurl = "http://localhost:9090"\n'


def settings(tmp_path: Path, text: str) -> RunbooksSettings:
    path = tmp_path / "oncall.toml"
    path.write_text(SOURCE + text)
    config = load(path)
    path.write_text(as_toml(config))
    assert load(path).runbooks == config.runbooks
    return config.runbooks


def test_every_key_can_be_set_and_paths_begin_at_the_file(tmp_path: Path) -> None:
    text = '[runbooks]\npaths = ["team"]\nshipped = false\n'
    text += '[runbooks.url_prefixes]\n"https://wiki/" = "wiki"\n[runbooks.values]\na.b = "x"\nn = 5\n'
    text += '[runbooks.roles]\ndba = ["ada"]\n'
    assert settings(tmp_path, text) == RunbooksSettings(
        paths=(tmp_path / "team",),
        url_prefixes={"https://wiki/": tmp_path / "wiki"},
        shipped=False,
        values={"a": {"b": "x"}, "n": 5},
        roles={"dba": ("ada",)},
    )
    assert settings(tmp_path, "") == RunbooksSettings()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('url_prefixes = {"wiki/" = "x"}', "runbooks.url_prefixes.wiki/"),
        ("values = {a = [1]}", "no single value; write a text, a number, true or false"),
        ('values = {a = {"b c" = 1}}', "no name"),
        ('paths = "x"', 'write a list of paths, e.g. ["~/runbooks"]'),
        ('metrics = "elsewhere"', "is no Prometheus source; there is: prom"),
        ('environment = {"A B" = "x"}', "is no name of a variable"),
        (
            'databases.api = {host = "db", database = "api", user = "u", password = "hunter2"}',
            "a literal secret, which a configuration must not hold",
        ),
        ("roles = {dba = []}", 'write users, e.g. ["ada", "bob"]'),
        ('path = ["x"]', 'did you mean "paths"?'),
    ],
)
def test_what_is_wrong_is_told_with_what_to_write(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError, match="runbooks") as caught:
        settings(tmp_path, f"[runbooks]\n{text}\n")
    assert told.split(".")[-1] in str(caught.value)


def test_the_cache_is_where_the_system_keeps_caches(tmp_path: Path) -> None:
    assert cache_dir({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "oncall-tui"
    assert cache_dir({"XDG_CACHE_HOME": "relative"}).name == "oncall-tui"
