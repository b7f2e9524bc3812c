"""What is wrong in the world at a moment: the story's curves, less what rollbacks have taken away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from . import story
from .curves import at


@dataclass(frozen=True, slots=True)
class Effects:
    """The disturbances the metrics are written with.

    Attributes:
        slow_share: part of api's requests that are slow, 0-1.
        slow_factor: how many times slower.
        server_errors: added to api's 5xx ratio, 0-1.
        api_cpu: percent points added.
        connections: database connections added.
        points_queue: jobs waiting on points-credit, absolute.
        redis_memory: part of the memory in use, 0-1, absolute.
        qr_delay: seconds added to the making of a QR code.
        wrong_passwords: attempts a second that are added.
    """

    slow_share: float
    slow_factor: float
    server_errors: float
    api_cpu: float
    connections: float
    points_queue: float
    redis_memory: float
    qr_delay: float = 0.0
    wrong_passwords: float = 0.0

    @property
    def qr_slowness(self) -> float:
        """Seconds added to the making of a QR code, by its own trouble and by that of api."""
        return self.qr_delay + 0.12 * self.slow_share


def remaining(service: str, relative_s: float, rollbacks: Mapping[str, float]) -> float:
    """Part of a service's trouble that is left: 1 before its rollback, 0 once it has worked."""
    rolled_back = rollbacks.get(service)
    if rolled_back is None:
        return 1.0
    return min(1.0, max(0.0, 1.0 - (relative_s - rolled_back) / story.RECOVERY_S))


def effects_at(
    relative_s: float, *, with_incident: bool, rollbacks: Mapping[str, float], with_all: bool = False
) -> Effects:
    """The disturbances at a moment.

    Args:
        relative_s: seconds since the world started.
        with_incident: whether the bad release of api happens at all.
        rollbacks: when each rolled back or mended service was, same scale.
        with_all: whether database, QR codes and logins have their own trouble, too.
    """
    api = remaining("api", relative_s, rollbacks) if with_incident else 0.0
    points = remaining("points", relative_s, rollbacks)
    postgres, qr, auth = (
        remaining(one, relative_s, rollbacks) if with_all else 0.0 for one in ("postgres", "qr", "auth")
    )
    calm = story.POINTS_QUEUE[0][1]
    queue = at(story.POINTS_QUEUE, relative_s) + api * at(story.POINTS_GROWTH, relative_s)
    return Effects(
        slow_share=api * at(story.SLOW_SHARE, relative_s),
        slow_factor=at(story.SLOW_FACTOR, relative_s),
        server_errors=api * at(story.SERVER_ERRORS, relative_s),
        api_cpu=api * at(story.API_CPU, relative_s),
        connections=api * at(story.DATABASE_CONNECTIONS, relative_s)
        + postgres * at(story.LEFT_CONNECTIONS, relative_s),
        points_queue=calm + points * (queue - calm),
        redis_memory=at(story.REDIS_MEMORY, relative_s),
        qr_delay=qr * at(story.QR_DELAY, relative_s),
        wrong_passwords=auth * at(story.WRONG_PASSWORDS, relative_s),
    )
