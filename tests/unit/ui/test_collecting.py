"""The garbage collector walks through everything only while nobody types."""

import gc
import platform
import subprocess
import sys
from collections.abc import Iterator
from weakref import ref

import pytest

from oncall_tui.ui.collecting import EVERY_S, GIVEN_BACK_EVERY_S, QUIET_S, Collector


class Knot:
    """Something that only the collector can take away."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def moments() -> Iterator[list[float]]:
    """The clock; the collector of the process is put back afterwards."""
    was_enabled, thresholds, switch_s = gc.isenabled(), gc.get_threshold(), sys.getswitchinterval()
    yield [0.0]
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    sys.setswitchinterval(switch_s)
    (gc.enable if was_enabled else gc.disable)()


def test_what_is_on_the_screen_is_out_of_sight(moments: list[float]) -> None:
    gc.disable()
    collector = Collector(lambda: moments[0])
    collector.begin()
    assert gc.isenabled()
    knot = Knot()
    gone = ref(knot)
    collector.settle()
    del knot
    gc.collect()
    assert gone() is not None
    moments[0] = max(EVERY_S, QUIET_S)
    collector.tick()
    assert gone() is None


def test_nobody_is_disturbed_at_the_keys(moments: list[float]) -> None:
    collector = Collector(lambda: moments[0])
    collector.begin()
    knot = Knot()
    gone = ref(knot)
    collector.settle()
    del knot
    moments[0] = EVERY_S
    collector.touch()
    collector.tick()
    moments[0] += QUIET_S - 1
    collector.tick()
    assert gone() is not None
    moments[0] += 1
    collector.tick()
    assert gone() is None


def test_what_is_young_is_looked_at_little_at_a_time(moments: list[float]) -> None:
    looked_at: list[int] = []

    def note(phase: str, told: dict[str, int]) -> None:
        if phase == "start" and told["generation"] == 1:
            looked_at.append(len(gc.get_objects(0)) + len(gc.get_objects(1)))

    collector = Collector(lambda: moments[0])
    collector.begin()
    gc.callbacks.append(note)
    decoded = [[number] for number in range(30_000)]
    gc.callbacks.remove(note)
    collector.end()
    assert len(decoded) == 30_000
    assert len(looked_at) >= 5
    assert max(looked_at) < 5_000


def test_the_process_gets_its_collector_back(moments: list[float]) -> None:
    before = (gc.get_threshold(), sys.getswitchinterval())
    collector = Collector(lambda: moments[0])
    collector.begin()
    assert (gc.get_threshold(), sys.getswitchinterval()) != before
    collector.end()
    collector.settle()
    assert (gc.get_threshold(), sys.getswitchinterval()) == before
    assert gc.get_freeze_count() == 0


def test_memory_is_given_back_after_the_first_picture_and_now_and_then_while_others_come(moments: list[float]) -> None:
    given: list[float] = []
    collector = Collector(lambda: moments[0], lambda: given.append(moments[0]))
    collector.begin()
    for second in range(200):
        moments[0] = float(second)
        if second in (1, 5, 31, 100):
            collector.settle()
        collector.tick()
    assert given == [1.0, 1.0 + GIVEN_BACK_EVERY_S, 100.0]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is told to give large blocks back")
def test_what_large_answers_took_goes_back_to_the_system_with_them() -> None:
    code = """
import sys
from oncall_tui.ui.collecting import return_large_blocks

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

if "told" in sys.argv:
    return_large_blocks()
# One block that came and went teaches glibc to keep those of its size, and a small one above them holds them there.
bytearray(20_000_000)
blocks, kept = [bytearray(b"x") * 1_000_000 for _ in range(20)], bytearray(1_000)
before = resident()
del blocks[:]
print(before - resident())
"""
    freed = [
        int(subprocess.run([sys.executable, "-c", code, told], check=True, capture_output=True, text=True).stdout)
        for told in ("", "told")
    ]
    assert freed[1] > 15_000_000 > freed[0]
