"""Who and what there is in the account: users, teams, services, escalation policies, priorities, the rotation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..catalogue import DEMO_USER, ORGANIZATION, PEOPLE, SERVICES, TEAMS, Person, Service
from ..times import Clock

Json = dict[str, Any]
_PRIORITIES = (("P1", "a8171c"), ("P2", "eb6016"), ("P3", "f9b406"), ("P4", "555555"), ("P5", "777777"))
POLICY_ID, PARTNERS_ID = "PPOLICY", "PPARTNR"


def reference(kind: str, object_id: str, summary: str, path: str) -> Json:
    """A reference as PagerDuty nests it: id, type, summary, self, html_url."""
    return {
        "id": object_id,
        "type": f"{kind}_reference",
        "summary": summary,
        "self": f"https://api.pagerduty.com/{path}/{object_id}",
        "html_url": f"https://{ORGANIZATION}.pagerduty.com/{path}/{object_id}",
    }


def _full(ref: Json, **fields: Any) -> Json:
    return {**ref, "type": ref["type"].removesuffix("_reference"), **fields}


def user_reference(person: Person) -> Json:
    """Reference to a user."""
    return reference("user", person.id, person.name, "users")


def service_reference(service: Service) -> Json:
    """Reference to a service."""
    return reference("service", service.pagerduty_id, service.name, "services")


def team_id(team: str) -> str:
    """Id of a team of the catalogue."""
    return f"PT{team.upper()[:5]}"


def team_reference(team: str) -> Json:
    """Reference to a team."""
    return reference("team", team_id(team), team, "teams")


def policy_reference() -> Json:
    """Reference to the escalation policy of all incidents."""
    return reference("escalation_policy", POLICY_ID, "Production", "escalation_policies")


def partners_reference() -> Json:
    """Reference to the policy by which partners reach their managers: no service of the catalogue uses it."""
    return reference("escalation_policy", PARTNERS_ID, "Partner support", "escalation_policies")


def priority(name: str) -> Json:
    """A priority in full: PagerDuty never nests it as a reference."""
    index, color = next((i, one[1]) for i, one in enumerate(_PRIORITIES) if one[0] == name)
    return {
        **reference("priority", f"PPRIO0{index + 1}", name, "priorities"),
        "type": "priority",
        "html_url": None,
        "name": name,
        "description": "",
        "color": color,
        "order": (5 - index) * 100_000_000,
    }


class Directory:
    """Read-only answers about the account."""

    def __init__(self, clock: Clock, services: Sequence[Service] = SERVICES) -> None:
        self._clock = clock
        self._services = services
        self.people: Sequence[Person] = PEOPLE
        self.has_priorities = True

    def person(self, *, email: str = "", user_id: str = "") -> Person | None:
        """A user by e-mail (any case) or id."""
        for person in self.people:
            if person.id == user_id or (email and person.email.lower() == email.lower()):
                return person
        return None

    def service(self, *, service_id: str = "", routing_key: str = "") -> Service | None:
        """A service by id or integration key."""
        for service in self._services:
            if service.pagerduty_id == service_id or (routing_key and service.routing_key == routing_key):
                return service
        return None

    def user(self, person: Person) -> Json:
        """A user in full."""
        return _full(
            user_reference(person),
            name=person.name,
            email=person.email,
            time_zone="Europe/Paris",
            color="purple",
            role=person.role,
            job_title=None,
            description=None,
            invitation_sent=False,
            teams=[team_reference(person.team)] if person.team else [],
            contact_methods=[],
            notification_rules=[],
            avatar_url=None,
        )

    def users(self) -> list[Json]:
        """All users."""
        return [self.user(person) for person in self.people]

    def teams(self) -> list[Json]:
        """All teams."""
        return [_full(team_reference(team), name=team, description=None) for team in TEAMS]

    def full_service(self, service: Service) -> Json:
        """A service in full."""
        return _full(
            service_reference(service),
            name=service.name,
            description=f"{service.name} in production",
            status="active",
            created_at="2024-02-01T09:00:00Z",
            auto_resolve_timeout=None,
            acknowledgement_timeout=1800,
            alert_creation="create_alerts_and_incidents",
            escalation_policy=policy_reference(),
            teams=[team_reference(service.team)],
            integrations=[],
        )

    def services(self) -> list[Json]:
        """All services."""
        return [self.full_service(service) for service in self._services]

    def policies(self) -> list[Json]:
        """The escalation policies."""
        rules = [
            {"id": f"PRULE0{level}", "escalation_delay_in_minutes": 15, "targets": [user_reference(person)]}
            for level, person in enumerate(self.rotation(0), start=1)
        ]
        return [
            _full(
                policy_reference(),
                name="Production",
                escalation_rules=rules,
                num_loops=2,
                services=[service_reference(service) for service in self._services],
                teams=[team_reference(team) for team in TEAMS],
                on_call_handoff_notifications="if_has_services",
            ),
            _full(
                partners_reference(),
                name="Partner support",
                escalation_rules=[{"id": "PRULE11", "escalation_delay_in_minutes": 30, "targets": []}],
                num_loops=0,
                services=[],
                teams=[team_reference("partners")],
                on_call_handoff_notifications="if_has_services",
            ),
        ]

    def priorities(self) -> list[Json]:
        """P1 to P5, the worst first; none while the account has them switched off."""
        return [priority(name) for name, _ in _PRIORITIES] if self.has_priorities else []

    def level(self, number: int) -> list[Person]:
        """Who is paged at a level of the escalation policy, from 1; nobody where there is no such level."""
        rotation = self.rotation(0)
        return rotation[number - 1 : number] if number > 0 else []

    def rotation(self, week: int) -> list[Person]:
        """Who carries the pager at each level, so many weeks from this one."""
        first = [self.people[index % len(self.people)] for index in (week, week + 1, week + 2)]
        return first if week else [DEMO_USER, *first[1:]]
