"""Who is paged one after the other, and who that would be now.

Sources: PagerDuty's API reference, "Get an escalation policy", "List all of the on-calls".
"""

from collections.abc import Sequence
from datetime import timedelta

from oncall_tui.domain.pager import EscalationLevel, EscalationPath, Person
from oncall_tui.sources.connection import segment
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.outcomes import person
from oncall_tui.sources.pagerduty.pages import all_pages, not_pagerduty
from oncall_tui.sources.pagerduty.roster import person_of
from oncall_tui.sources.values import JsonObject, first_line, mapping, number, objects, read_each


class Escalation:
    """Reads escalation paths."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def path(self, policy_id: str) -> EscalationPath:
        """The levels of one escalation policy.

        Raises:
            SourceError: PagerDuty could not be asked, or does not know the policy.
        """
        where = f"/escalation_policies/{segment(policy_id)}"
        policy = mapping((await self._calls.get(where)).get("escalation_policy"))
        if not policy:
            raise not_pagerduty(self._calls, where)
        # Without a window PagerDuty lists who is on call now.
        params = (("escalation_policy_ids[]", policy_id), ("earliest", "true"), ("include[]", "users"))
        listing = await all_pages(self._calls, "/oncalls", "oncalls", params)
        rules = objects(policy.get("escalation_rules"))
        levels = tuple(_level(place, rule, listing.found) for place, rule in enumerate(rules, start=1))
        return EscalationPath(policy_id, first_line(policy.get("name"), policy.get("summary"), policy_id), levels)


def policy_of(incident: JsonObject) -> str:
    """The id of the escalation policy of an incident; empty when it does not say."""
    vendor_id = mapping(incident.get("escalation_policy")).get("id")
    return vendor_id if isinstance(vendor_id, str) else ""


def _level(place: int, rule: JsonObject, on_calls: Sequence[JsonObject]) -> EscalationLevel:
    targets = tuple(name for name in map(person, objects(rule.get("targets"))) if name)
    minutes = number(rule.get("escalation_delay_in_minutes"))
    return EscalationLevel(
        place,
        targets,
        _on_call(place, on_calls),
        # More than a week of waiting is no delay that anybody meant.
        timedelta(minutes=minutes) if minutes is not None and 0 <= minutes <= 10_080 else None,
    )


def _on_call(level: int, on_calls: Sequence[JsonObject]) -> tuple[Person, ...]:
    """Who is on call for a level, each once: two schedules may name the same person."""
    users = [mapping(one.get("user")) for one in on_calls if number(one.get("escalation_level")) == level]
    found, _ = read_each((one for one in users if one), person_of)
    return tuple(dict.fromkeys(found))
