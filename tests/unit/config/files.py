"""Files of settings as tests write them, and what is wrong with them."""

import re
from pathlib import Path

import pytest

from oncall_tui.config.load import ConfigError, load

FULL = """
[sources.prometheus]
kind = "prometheus"
url = "http://localhost:9090"
headers = { X-Scope-OrgID = "tenant-1" }

[sources.alerts]
kind = "alertmanager"
url = "https://am.example.com/prefix"
username = "oncall"
token = "env:AM_PASSWORD"
receiver = "team-(a|b)"
filters = ['team="data"', "severity=~warning|critical"]
ca_file = "ca.pem"

[sources.pagerduty]
kind = "pagerduty"
token = "keyring:pagerduty/me"
from_email = "me@example.com"
urgencies = ["high"]

[sources.sentry]
kind = "sentry"
token = "command:pass show sentry"
organization = "acme"

[environments.production]
production = true

[services.api]
aliases = ["API (prod)"]

[[services.api.checks]]
name = "p95"
query = "latency"
source = "prometheus"
warning = 300
critical = 500.5
for = "5m"
maximum = 1000

[[services.api.checks]]
name = "free"
query = "free"
warning = 20
critical = 10
direction = "below"
maximum = "total"

[severity]
unknown = "p4"
prometheus = { wakeup = "P1" }

[display]
environment = "production"

[display.chart]
title = "Latency"
lines = [{ name = "p95", query = "q" }]

[notify]
repeat = "5m"

[notify.command]
run = ["notify-send", "on call"]

[[actions]]
name = "restart"
key = "f6"
run = ["./restart", "api"]
on = "service:api"
danger = "change"
timeout = "15m"

[[actions.inputs]]
name = "batch"
type = "int"
default = 2

[[filters]]
name = "night"
filter = "sev<=2"
key = "f2"

[[notify.quiet]]
from = "22:00"
to = "07:00"

[journal]
path = "journal.sqlite3"

[runbooks]
directory = "site"

[runbooks.databases.api]
host = "db.internal"
database = "api"
user = "oncall"
password = "env:DB_PASSWORD"
"""


def file_with(folder: Path, text: str) -> Path:
    path = folder / "oncall.toml"
    path.write_text(text)
    return path


def problems(folder: Path, text: str) -> list[str]:
    """What is wrong with a text, each as ``line: key: words``."""
    path = file_with(folder, text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    return [str(problem).removeprefix(f"{path}:") for problem in caught.value.problems]


def problem(folder: Path, text: str) -> str:
    found = problems(folder, text)
    assert len(found) == 1, found
    return found[0]


PROMETHEUS = '[sources.prom]\nkind = "prometheus"\nurl = "http://localhost:9090"\n'


def in_prometheus(folder: Path, line: str) -> str:
    return problem(folder, PROMETHEUS + line).removeprefix("4: sources.prom.")


def in_check(folder: Path, lines: str) -> str:
    text = f'{PROMETHEUS}[[services.api.checks]]\nname = "p95"\nquery = "q"\n{lines}'
    return re.sub(r"^\d+: services\.api\.checks\[0\]\.", "", problem(folder, text))
