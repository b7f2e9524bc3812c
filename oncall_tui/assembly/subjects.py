"""What an alert tells a runbook: labels and annotations of its records as their vendors have them, and its suspects'
versions."""

from collections.abc import Mapping, Sequence

from oncall_tui.domain.alert import Alert, Record, annotations_at_vendor, labels_at_vendor
from oncall_tui.domain.deployment import Deployment
from oncall_tui.domain.situation import Situation
from oncall_tui.runbook.values.known import Known, Told


def known_of(
    alert: Alert | None,
    situation: Situation,
    config: Mapping[str, str],
    environ: Mapping[str, str],
    typed: Mapping[str, str],
) -> Known:
    """Everything that values of a run can come from."""
    if alert is None:
        return Known(config=config, environ=environ, typed=typed)
    version, previous = versions_of(alert, situation.deployments)
    records = tuple(Told(one.source, labels_at_vendor(one), _annotations(one)) for one in alert.records)
    return Known(records, version, previous, config, environ, typed)


def _annotations(record: Record) -> Mapping[str, str]:
    """Those of its vendor; the address of a runbook also where a record has nothing else of them."""
    found = annotations_at_vendor(record)
    return {"runbook_url": record.runbook} | found if record.runbook else found


def versions_of(alert: Alert, deployments: Sequence[Deployment]) -> tuple[str, str]:
    """The version of the nearest suspect, and the one that ran before it; empty where nobody knows."""
    by_id = {one.id: one for one in deployments}
    suspect = next((by_id[one.deployment] for one in alert.suspects if one.deployment in by_id), None)
    if suspect is None:
        return "", ""
    earlier = [
        one
        for one in deployments
        if (one.service, one.environment) == (suspect.service, suspect.environment)
        and one.at < suspect.at
        and one.version != suspect.version
    ]
    before = max(earlier, key=lambda one: one.at, default=None)
    return suspect.version, before.version if before is not None else ""
