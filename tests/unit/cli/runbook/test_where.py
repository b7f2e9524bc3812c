"""`runbook show` says of every step where it would run."""

import pytest

from tests.unit.cli.runbook.desk import Desk

HEAD = """\
---
oncall: 1
owner: me
match: [{alertname: A}]
params:
  host: {from: labels.instance, pattern: "db-[0-9]{1,3}"}
  base: {from: config.urls.api, pattern: "https://[a-z.]+"}
---
# A
"""
CONFIG = """
[display]
environment = "prod"
[environments.prod]
production = true
[runbooks]
paths = ["{team}"]
shipped = false
{directory}
[runbooks.values]
urls.api = "https://api.example.com"
hosts.db = "ops@db.example.com"
[runbooks.databases.api]
host = "db.example.com"
database = "shop"
user = "oncall"
"""


def places(desk: Desk, step: str, *options: str, directory: str = "") -> list[str]:
    path = desk.put("a.md", f"{HEAD}{step}\n")
    desk.write_config(CONFIG.format(team=desk.team, directory=directory))
    result = desk.run("show", str(path), *options)
    assert result.exit_code == 0, result.output
    return [line.strip() for line in result.stdout.splitlines() if line.strip().startswith("runs ")]


@pytest.mark.parametrize(
    ("step", "options", "place"),
    [
        ("```bash {#x danger=read}\ndate\n```", (), "runs on this machine, in {team}"),
        ("```bash {#x danger=read cwd=sub}\ndate\n```", (), "runs on this machine, in {team}/sub"),
        ("```bash {#x danger=read tty}\ntop\n```", (), "runs on this machine, in {team}, on your terminal"),
        (
            "```bash {#x danger=read ssh=host}\ndate\n```",
            ("--label", "instance=db-17"),
            "runs over ssh on db-17 (host: label instance), in the home over there",
        ),
        (
            "```bash {#x danger=read ssh=host cwd=/var}\ndate\n```",
            (),
            "runs over ssh on the value of host (nobody has said yet), in /var",
        ),
        (
            "```bash {#x danger=read ssh=host}\ndate\n```",
            ("--label", "instance=x; y"),
            "runs over ssh on the value of host (label instance = x; y is not used: it does not fit the "
            "pattern db-[0-9]{{1,3}}), in the home over there",
        ),
        (
            "```bash {#x danger=read ssh=config.hosts.db}\ndate\n```",
            (),
            "runs over ssh on ops@db.example.com (config.hosts.db), in the home over there",
        ),
        (
            "```bash {#x danger=read ssh=config.hosts.gone}\ndate\n```",
            (),
            "runs over ssh on config.hosts.gone, which the configuration does not have under [runbooks.values], in the "
            "home over there",
        ),
        (
            "```sql {#x danger=read db=api}\nSELECT 1\n```",
            (),
            "runs on the database api (oncall@db.example.com:5432/shop)",
        ),
        (
            "```sql {#x danger=read db=other}\nSELECT 1\n```",
            (),
            "runs on the database other, which the configuration does not have under [runbooks.databases]",
        ),
        ("```promql {#x}\nup\n```", (), "runs on prom (http://localhost:9090)"),
        (
            "```http {#x danger=read}\nGET {{{{base}}}}/health\n```",
            (),
            "runs on https://api.example.com (base: configuration urls.api)",
        ),
    ],
)
def test_each_kind_of_step(desk: Desk, step: str, options: tuple[str, ...], place: str) -> None:
    assert places(desk, step.replace("{{{{", "{{").replace("}}}}", "}}"), *options) == [place.format(team=desk.team)]


def test_the_directory_of_the_configuration_and_the_name_of_the_environment(desk: Desk) -> None:
    (desk.folder / "ops").mkdir()
    step = "```bash {#x danger=read}\ndate\n```\n- [ ] Look."
    assert places(desk, step, directory=f'directory = "{desk.folder}/ops"') == [
        f"runs on this machine, in {desk.folder}/ops"
    ]
    assert "\nenvironment: prod (production)\n" in desk.run("show", str(desk.team / "a.md")).stdout


def test_without_a_configuration(desk: Desk) -> None:
    path = desk.put("a.md", "# A\n```\nkubectl get pods\n```\n```promql\nup\n```\n")
    text = desk.run("show", str(path), has_config=False).stdout
    assert f"    runs on this machine, in {desk.team}\n" in text
    assert "    runs on no Prometheus: the configuration has none\n" in text
    assert "environment" not in text
