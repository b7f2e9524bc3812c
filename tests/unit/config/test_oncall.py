"""``[oncall]``: what the screen tells of people."""

from pathlib import Path

import pytest

from oncall_tui.config.errors import ConfigError
from oncall_tui.config.load import load
from oncall_tui.config.model import OnCallSettings

SOURCE = '[sources.prom]\nkind = "prometheus"\nurl = "http://localhost:9090"\n[oncall]\n'


def settings(tmp_path: Path, text: str) -> OnCallSettings:
    path = tmp_path / "oncall.toml"
    path.write_text(SOURCE + text)
    return load(path).oncall


def test_every_key_can_be_set(tmp_path: Path) -> None:
    text = 'forgotten_after = "1h"\nnight = "23:30-06"\npages_days = 30'
    assert settings(tmp_path, text) == OnCallSettings(forgotten_after="1h", night="23:30-06", pages_days=30)
    assert settings(tmp_path, "") == OnCallSettings()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('night = "late"', '"late" is not a span of hours such as 22-07; write it like "22-07" or "22:30-06:45"'),
        ('night = "7-7"', '"7-7" is not a span of hours'),
        ("pages_days = 0", "0 is out of bounds; write 1 to 30"),
        ("pages_days = 31", "31 is out of bounds"),
        ('forgotten_after = "1m"', '"1m" is out of bounds; write 5m to 4h'),
    ],
)
def test_what_is_wrong_is_told_with_what_to_write(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path, text)
    (problem,) = caught.value.problems
    assert told in f"{problem.problem}; {problem.expected}"
    assert problem.key.startswith("oncall.")
