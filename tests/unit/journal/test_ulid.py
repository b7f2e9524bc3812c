"""ULIDs."""

import threading
from datetime import UTC, datetime

from oncall_tui.journal.ulid import Ulids
from tests.unit.journal.helpers import FakeClock, seeded


def test_the_time_and_the_chance_are_those_of_the_specification() -> None:
    # 1469918176385 ms and its text are the example of the ULID specification.
    clock = FakeClock(datetime(2016, 7, 30, 22, 36, 16, 385000, tzinfo=UTC))
    assert Ulids(clock, lambda count: b"\xff" * count)() == "01ARYZ6S41" + "Z" * 16
    assert Ulids(clock, lambda count: bytes(count))() == "01ARYZ6S41" + "0" * 16


def test_ids_of_one_millisecond_count_up() -> None:
    new_id = Ulids(FakeClock(), seeded())
    ids = [new_id() for _ in range(100)]
    assert ids == sorted(set(ids))
    assert len({one[:10] for one in ids}) == 1


def test_ids_go_on_rising_when_the_clock_is_set_back() -> None:
    clock = FakeClock()
    new_id = Ulids(clock, seeded())
    before = new_id()
    clock.advance(hours=-1)
    assert new_id() > before
    clock.advance(hours=2)
    assert new_id()[:10] > before[:10]


def test_threads_never_get_the_same_id() -> None:
    new_id = Ulids(FakeClock(), seeded())
    ids: list[str] = []
    threads = [threading.Thread(target=lambda: ids.extend([new_id() for _ in range(500)])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(ids)) == 2000
