"""Prometheus, and the Alertmanager that it sends its alerts to."""

from dataclasses import replace

from msgspec import structs

from oncall_tui.cli.init.choices import NONE_WORDS, some_of
from oncall_tui.cli.init.desk import Desk
from oncall_tui.cli.init.draft import DraftSource
from oncall_tui.cli.init.questions import Tone
from oncall_tui.cli.init.server import Login, Server, reached
from oncall_tui.config.model import AlertmanagerSettings, PrometheusSettings
from oncall_tui.domain.counts import counted
from oncall_tui.sources.prometheus.discover import PrometheusFinds

LOCAL = "http://localhost:9090"
LOCAL_ALERTMANAGER = "http://localhost:9093"


def prometheus(desk: Desk) -> tuple[DraftSource | None, PrometheusFinds]:
    """The Prometheus source with the labels its targets use, and everything it told."""
    given = desk.given

    def settings(url: str, username: str | None) -> PrometheusSettings:
        return PrometheusSettings(url=url, username=username, ca_file=given.ca_file)

    server = Server(
        "prometheus",
        "Prometheus",
        settings,
        "PROMETHEUS_TOKEN",
        "--prometheus-token",
        given.prometheus,
        given.prometheus_token,
        given.prometheus_username,
    )
    if not given.prometheus and not desk.questions.is_asking:
        return None, PrometheusFinds()
    proposed = LOCAL if not given.prometheus and desk.looking.listens(LOCAL) else ""
    if proposed:
        desk.questions.say("Something answers on this machine already: Enter takes it.", Tone.QUIET)
    found = reached(desk, server, proposed)
    if found is None:
        return None, PrometheusFinds()
    source, seen = found
    finds = seen.finds if isinstance(seen.finds, PrometheusFinds) else PrometheusFinds()
    if seen.error is None and desk.given.is_checked:
        _say(desk, finds)
    labelled = structs.replace(
        source.settings, service_label=finds.service_label, environment_label=finds.environment_label
    )
    return replace(source, settings=labelled, said=_said(finds)), finds


def _say(desk: Desk, finds: PrometheusFinds) -> None:
    version = f"Prometheus {finds.version}" if finds.version else "It answers"
    if not finds.services:
        desk.questions.say(f"{version}, but it watches nothing yet: no `up` metric.", Tone.WARNING)
        return
    names = some_of([one.name for one in finds.services])
    services = counted(len(finds.services), "service")
    desk.questions.say(f"{version} watches {services}: {names}.", Tone.GOOD)


def _said(finds: PrometheusFinds) -> tuple[str, ...]:
    if not finds.services:
        return ()
    version = f" {finds.version}" if finds.version else ""
    return (f"Prometheus{version}: {counted(len(finds.services), 'service')}, {counted(finds.targets, 'target')}.",)


def alertmanager(desk: Desk, beside: DraftSource | None, finds: PrometheusFinds) -> DraftSource | None:
    """The Alertmanager source: the one that Prometheus names is proposed, with the same login where it wants one."""
    given = desk.given

    def settings(url: str, username: str | None) -> AlertmanagerSettings:
        return AlertmanagerSettings(
            url=url,
            username=username,
            ca_file=given.ca_file,
            service_label=finds.service_label,
            environment_label=finds.environment_label,
        )

    server = Server(
        "alertmanager",
        "Alertmanager",
        settings,
        "ALERTMANAGER_TOKEN",
        "--alertmanager-token",
        given.alertmanager,
        given.alertmanager_token,
        given.alertmanager_username,
    )
    if (given.alertmanager or "").casefold() in NONE_WORDS:
        return None
    proposed = _proposed(desk, finds)
    is_named = desk.questions.is_asking or given.alertmanager or given.alertmanager_token
    if not is_named and not _answers(desk, settings, proposed):
        return None
    found = reached(desk, server, proposed, _login(beside))
    if found is None:
        return None
    source, seen = found
    if seen.error is None and desk.given.is_checked:
        desk.questions.say(seen.findings[0].what if seen.findings else "It answers.", Tone.GOOD)
    return source


def _proposed(desk: Desk, finds: PrometheusFinds) -> str:
    if finds.alertmanagers:
        more = len(finds.alertmanagers) - 1
        peers = f" and {counted(more, 'peer')}" if more else ""
        desk.questions.say(f"Prometheus sends its alerts to {finds.alertmanagers[0]}{peers}.", Tone.QUIET)
        return finds.alertmanagers[0]
    if desk.given.alertmanager or not desk.questions.is_asking:
        return ""
    return LOCAL_ALERTMANAGER if desk.looking.listens(LOCAL_ALERTMANAGER) else ""


def _answers(desk: Desk, settings: object, proposed: str) -> bool:
    """Whether an Alertmanager that nobody named can be used as it is; when not, it is left out with a word."""
    assert callable(settings)
    if not proposed:
        return False
    seen = desk.around("alertmanager", settings(proposed, None), None)
    if seen.error is not None:
        desk.questions.say(f"Alertmanager is left out: {seen.error} Name it with --alertmanager.", Tone.WARNING)
    return seen.error is None


def _login(beside: DraftSource | None) -> Login | None:
    if beside is None or beside.token is None:
        return None
    username = getattr(beside.settings, "username", None)
    return Login(beside.token, username if isinstance(username, str) else None, beside.settings.url, "Prometheus")
