"""Everything known of one alert: state, records with the rule that joined them, suspects, labels, links."""

from collections.abc import Mapping
from datetime import timedelta

from textual.content import Content

from oncall_tui.domain.alert import Alert, Record, SourceKind, Status
from oncall_tui.domain.clocks import age_in_words, clock
from oncall_tui.domain.deployment import Deployment
from oncall_tui.domain.muting import in_words, is_inhibited, is_silenced, muting_by
from oncall_tui.ui.present import words
from oncall_tui.ui.present.alert_row import Scene, forgotten, holder, silence
from oncall_tui.ui.present.verbs import DONE

_LABEL_WIDTH = 14


def detail(
    alert: Alert | None, scene: Scene, deployments: Mapping[str, Deployment], past: Content | None = None
) -> Content:
    """The detail pane for ``alert``; ``deployments`` by id, to tell more of the suspects; ``past`` is its history."""
    if alert is None:
        return Content.styled("No alert under the cursor.", "$dim")
    sections = [
        _head(alert, scene),
        _summary(alert),
        _suspects(alert, deployments),
        past or Content(),
        _records(alert, scene),
        _labels(alert),
        _links(alert),
    ]
    return Content("\n\n").join([section for section in sections if section])


def _head(alert: Alert, scene: Scene) -> Content:
    top = words.joined(
        [
            words.severity(alert.severity),
            Content.styled(alert.severity.title, f"$p{alert.severity.value}"),
            Content.styled(alert.service, "bold $foreground"),
            Content.styled(alert.environment if scene.has_environments else "", "$accent"),
        ]
    )
    began = f"since {clock(alert.since, scene.now)}, {age_in_words(scene.now - alert.since)}"
    state = Content.assemble(words.status(alert.status, alert.severity), f" {_status(alert)}", (f"  {began}", "$dim"))
    lines = [top, Content.styled(alert.headline, "bold $bright"), state]
    if alert.status is Status.ACKNOWLEDGED:
        lines.append(forgotten(alert, scene) or holder(alert, scene))
        again = min((one.pages_again_at for one in alert.records if one.pages_again_at is not None), default=None)
        if again is not None:
            lines.append(Content.styled(f"the pager pages again at {clock(again, scene.now)}", "$dim"))
    lines += _muted(alert, scene)
    for _, act in scene.acts.failed([alert]):
        lines.append(Content.styled(f"Not {DONE[act.verb]}: {act.reason}", "$error"))
    assigned = [name for record in alert.records for name in record.assigned_to]
    if assigned:
        who = ", ".join(dict.fromkeys(assigned))
        lines.append(Content.assemble(("assigned to ", "$dim"), (who, "$foreground")))
    return Content("\n").join(lines)


def _status(alert: Alert) -> str:
    is_only_inhibited = alert.status is Status.SILENCED and is_inhibited(alert) and not is_silenced(alert)
    return "inhibited" if is_only_inhibited else alert.status.value


def _muted(alert: Alert, scene: Scene) -> list[Content]:
    """That it is silenced or inhibited; beside an open page also what that does not end."""
    told = silence(alert, scene.now)
    if not told or told.plain == _status(alert):
        return []
    is_paged = any(record.kind is SourceKind.PAGERDUTY for record in alert.records)
    return [told + Content.styled("; the page at the pager stays open", "$dim") if is_paged else told]


def _summary(alert: Alert) -> Content:
    text = next((record.summary for record in alert.records if record.summary and record.summary != alert.title), "")
    return Content.styled(text, "$foreground")


def _suspects(alert: Alert, deployments: Mapping[str, Deployment]) -> Content:
    if not alert.suspects:
        return Content()
    lines = [_heading("SUSPECTS")]
    for suspect in alert.suspects:
        one = deployments.get(suspect.deployment)
        facts = [f"by {one.author}" if one.author else "", one.summary] if one is not None else []
        before = age_in_words(timedelta(seconds=suspect.seconds_before))
        name = (f"{words.SUSPECT_SIGN} {suspect.label}", "$suspect")
        lines.append(Content.assemble(name, (f"  ended {before} before", "$foreground")))
        told = "  ".join(fact for fact in facts if fact)
        if told:
            lines.append(Content.styled(f"  {told}", "$dim"))
    return Content("\n").join(lines)


def _records(alert: Alert, scene: Scene) -> Content:
    rule = f"  one alert by {', '.join(alert.joined_by)}" if alert.joined_by else ""
    lines = [Content.assemble(_heading("RECORDS"), (rule, "$dim"))]
    for record in alert.records:
        lines += _record(record, scene)
    return Content("\n").join(lines)


def _record(record: Record, scene: Scene) -> list[Content]:
    sign = words.status(record.status, record.severity)
    level = Content.styled(record.severity.name, f"$p{record.severity.value}")
    first = Content.assemble(sign, " ", level, " ", (record.source, "bold $foreground"), (f"  {record.id}", "$dim"))
    muting = muting_by((record,))
    muted = in_words(muting, scene.now) if muting is not None else ""
    facts = [record.note, muted, record.environment, f"since {clock(record.since, scene.now)}"]
    second = Content.styled(f"     {'  '.join(dict.fromkeys(fact for fact in facts if fact))}", "$dim")
    title = Content.styled(f"     {record.title}", "$foreground")
    return [first, title, second]


def _labels(alert: Alert) -> Content:
    if not alert.labels:
        return Content()
    pairs = [
        Content.assemble((f"{name:<{_LABEL_WIDTH}} ", "$dim"), (value, "$foreground"))
        for name, value in sorted(alert.labels.items())
    ]
    return Content("\n").join([_heading("LABELS"), *pairs])


def _links(alert: Alert) -> Content:
    links = [("runbook", alert.runbook)] if alert.runbook else []
    links += [(record.source, record.url) for record in alert.records if record.url]
    if not links:
        return Content()
    lines = [Content.assemble((f"{name:<{_LABEL_WIDTH}} ", "$dim"), (url or "", "$accent")) for name, url in links]
    return Content("\n").join([_heading("LINKS"), *lines])


def _heading(text: str) -> Content:
    return Content.styled(text, "bold $dim")
