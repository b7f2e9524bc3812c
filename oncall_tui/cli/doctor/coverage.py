"""Which alerts have a runbook: by the rules of the catalogue, or by an address that a browser can open."""

from collections.abc import Sequence
from dataclasses import dataclass

from oncall_tui.domain.alert import Alert
from oncall_tui.runbook.catalogue.entry import Entry
from oncall_tui.runbook.catalogue.find import ANNOTATIONS, Subject, could_match, find, subject_of
from oncall_tui.runbook.catalogue.places import Places
from oncall_tui.sources.base import AlertRule
from oncall_tui.sources.values import web_address

NOWHERE = Places(())


@dataclass(frozen=True, slots=True)
class Coverage:
    """The runbooks of a configuration, to hold alerts and rules against."""

    entries: Sequence[Entry] = ()
    places: Places = NOWHERE

    def of_alert(self, alert: Alert) -> bool:
        """Whether there is anything to open for an alert."""
        return self._has(subject_of(alert))

    def of_rule(self, rule: AlertRule) -> bool:
        """Whether there will be anything to open when a rule fires; labels that nobody knows yet are taken to fit."""
        subject = Subject(rule.name, rule.labels, rule.annotations)
        return self._has(subject) or could_match(subject, self.entries)

    def _has(self, subject: Subject) -> bool:
        if any(web_address(subject.annotations.get(name)) for name in ANNOTATIONS):
            return True
        return bool(find(subject, self.entries, self.places).candidates)
