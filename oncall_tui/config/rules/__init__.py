"""What a configuration must keep beyond the types of its values. Each rule yields what breaks it; none raises."""

from collections.abc import Iterator

from oncall_tui.config.keys import Finding
from oncall_tui.config.rules.actions import action_findings
from oncall_tui.config.rules.checks import check_findings
from oncall_tui.config.rules.display import display_findings
from oncall_tui.config.rules.draft import Draft
from oncall_tui.config.rules.filters import filter_findings
from oncall_tui.config.rules.notify import notify_findings
from oncall_tui.config.rules.oncall import oncall_findings
from oncall_tui.config.rules.runbooks import runbook_findings
from oncall_tui.config.rules.services import service_findings
from oncall_tui.config.rules.sources import source_findings
from oncall_tui.config.rules.values import value_findings

__all__ = ["Draft", "findings"]


def findings(draft: Draft) -> Iterator[Finding]:
    """Everything that breaks a rule."""
    yield from value_findings(draft)
    yield from source_findings(draft)
    yield from service_findings(draft)
    yield from check_findings(draft)
    yield from display_findings(draft)
    yield from filter_findings(draft)
    yield from action_findings(draft)
    yield from notify_findings(draft)
    yield from oncall_findings(draft)
    yield from runbook_findings(draft)
