"""The runbooks of a configuration: what is missing here, each with what to do."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from oncall_tui.cli.doctor import runbooks
from oncall_tui.cli.doctor.runbooks import Shelf, shelf_of
from oncall_tui.config.model import Config, DatabaseSettings, RunbooksSettings
from oncall_tui.sources.base import AlertRule, Topic
from tests.unit.cli.doctor.findings import OK, WARNING, told
from tests.unit.runbook.catalogue.library import written

HEAD = "---\noncall: 1\ntitle: X\nowner: team\nmatch: [{alertname: X}]\n"
FULL = (
    HEAD
    + """\
params:
  host: {from: config.redis.host, pattern: "[a-z]+"}
  port: {from: config.redis.port, type: int, default: 6379}
guards:
  - {require: [cat, helm]}
  - {check: "kubectl config current-context", equals: config.aws.account}
---
# X

```bash {#look danger=read}
echo "$host" | cat
echo "$(jq --version)"
```
<!-- oncall
undo: {manual: "by hand"}
-->
```bash {#release danger=change}
here() { echo "$host"; }
here | cat
./scripts/releases.sh --last 5
bash ./scripts/other.sh
```
<!-- oncall
undo: {manual: "by hand"}
-->
```bash {#clean danger=change}
sudo -n ./scripts/clean.sh "$port"
```
```sql {#queries danger=read db=api}
SELECT 1
```
"""
)


def shelf(tmp_path: Path, *programs: str, **settings: Any) -> Shelf:
    """What is found where there are bash, cat, sudo and these programs."""
    for name in ("bash", "cat", "sudo", *programs):
        _script(tmp_path / "bin" / name)
    environ: Mapping[str, str] = {
        "HOME": str(tmp_path),
        "PATH": str(tmp_path / "bin"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    return shelf_of(Config(runbooks=RunbooksSettings(**settings)), environ)


def words(found: Shelf) -> list[tuple[Any, str]]:
    return told(found.findings, Topic.RUNBOOKS)


def _script(path: Path, mode: int = 0o755) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode)
    path.chmod(mode)


def test_without_settings_the_shipped_ones_are_counted_and_not_judged(tmp_path: Path) -> None:
    [(state, what)] = words(shelf(tmp_path))
    assert state is OK
    assert "in 1 folder." in what and "shipped ones need is looked at once" in what


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    found = shelf(tmp_path, paths=(tmp_path / "gone",), shipped=False)
    assert words(found)[0] == (WARNING, f"The runbook folder {tmp_path / 'gone'} is not there.")
    assert "[runbooks]" in found.findings[0].advice


def test_a_file_that_is_refused_is_told_with_its_first_error(tmp_path: Path) -> None:
    team = written(tmp_path / "team", {"bad.md": HEAD + "ownr: x\nparms: {}\n---\n# X\n", "plain.md": "# Fine\n"})
    found = shelf(tmp_path, paths=(team,), shipped=False)
    state, what = words(found)[0]
    assert state is WARNING
    assert what.startswith("bad.md cannot be run: line 6:") and "(F2) and 1 more error" in what
    assert f"runbook lint {team / 'bad.md'}" in found.findings[0].advice
    assert words(found)[1:] == [(OK, "2 runbooks in 1 folder.")]


def test_what_steps_need_and_nobody_has_is_told_by_kind(tmp_path: Path) -> None:
    team = written(tmp_path / "team", {"x.md": FULL})
    _script(team / "scripts" / "other.sh", 0o644)
    found = shelf(tmp_path, paths=(team,), shipped=False)
    said = [what for state, what in words(found) if state is WARNING]
    programs, scripts, databases, values = said
    assert programs.startswith("Programs that steps call and that are not on their PATH: helm (x), ")
    assert programs.endswith(": helm (x), jq (x), kubectl (x), psql (x).")
    assert "./scripts/clean.sh (x), ./scripts/other.sh, which is not executable (x), ./scripts/releases.sh" in scripts
    assert databases == "Databases that steps name and the configuration lacks: api (x)."
    assert values == (
        "Values that runbooks name and the configuration lacks: config.aws.account (x), config.redis.host (x)."
    )
    assert all(one.advice for one in found.findings if one.state is WARNING)


def test_nothing_is_told_of_what_is_there(tmp_path: Path) -> None:
    team = written(tmp_path / "team", {"x.md": FULL})
    for name in ("releases.sh", "other.sh", "clean.sh"):
        _script(tmp_path / "ops" / "scripts" / name)
    found = shelf(
        tmp_path,
        *("helm", "jq", "kubectl", "psql"),
        paths=(team,),
        shipped=False,
        directory=tmp_path / "ops",
        values={"redis": {"host": "cache"}, "aws": {"account": "1"}},
        databases={"api": DatabaseSettings(host="db", database="api", user="me")},
    )
    assert words(found) == [(OK, "1 runbook in 1 folder.")]


def test_the_path_of_steps_is_the_one_that_counts(tmp_path: Path) -> None:
    team = written(tmp_path / "team", {"x.md": HEAD + "---\n# X\n\n```bash {#a danger=read}\nkubectl get pods\n```\n"})
    _script(tmp_path / "own" / "kubectl")
    assert [one for one, _ in words(shelf(tmp_path, paths=(team,), shipped=False))] == [WARNING, OK]
    environment = {"PATH": str(tmp_path / "own")}
    assert [one for one, _ in words(shelf(tmp_path, paths=(team,), shipped=False, environment=environment))] == [OK]


def test_the_shipped_ones_are_judged_by_who_has_set_them_up(tmp_path: Path) -> None:
    said = " ".join(what for _, what in words(shelf(tmp_path, values={"aws": {"account": "1"}})))
    assert "aws (" in said and "./scripts/rollback.sh" in said and "config.aws.cluster" in said
    assert "config.aws.account" not in said


def test_a_large_collection_is_opened_in_part_native_files_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runbooks, "MOST", 1)
    team = written(tmp_path / "team", {"a.md": "```bash\ncurl x\n```\n", "x.md": FULL})
    found = shelf(tmp_path, paths=(team,), shipped=False)
    assert "kubectl" in found.findings[0].what and "curl" not in found.findings[0].what
    assert words(found)[-1] == (OK, "2 runbooks in 1 folder. 1 of them were not opened, for time.")


def test_hostile_names_are_told_as_plain_text(tmp_path: Path) -> None:
    team = written(tmp_path / "team", {"\x1b[31mx.md": HEAD + "\x1b]0;y: 1\n---\n# X\n"})
    found = shelf(tmp_path, paths=(team,), shipped=False)
    assert len(found.findings) == 2
    assert all(one.what.isprintable() and one.advice.isprintable() for one in found.findings)


def test_alerts_are_held_against_the_catalogue(tmp_path: Path) -> None:
    coverage = shelf(tmp_path, paths=(written(tmp_path / "team", {"x.md": FULL}),), shipped=False).coverage
    assert coverage.of_rule(AlertRule("X"))
    assert not coverage.of_rule(AlertRule("Y"))
