"""A time limit for a whole request, where each byte would begin the time for a read anew."""

import socket
import threading
from collections.abc import Iterator

import pytest

from oncall_tui.sources.prometheus.deadline import Deadline, timed_response

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n"


class _Clock:
    """Seconds that a test turns."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A connection: our end and the vendor's."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_read_has_what_is_left_of_the_whole(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    clock = _Clock()
    deadline = Deadline(5, 2, clock)
    deadline.begin()
    theirs.sendall(_HEAD)
    response = timed_response(deadline)(ours)
    response.begin()
    limits = []
    with pytest.raises(TimeoutError), response:
        while True:
            clock.now += 1
            theirs.sendall(b"x")
            assert response.read1(10) == b"x"
            limits.append(ours.gettimeout())
    assert limits == [2, 2, 2, 1]
    assert deadline.is_over


def test_the_head_is_bounded_too(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    clock = _Clock()
    deadline = Deadline(5, 2, clock)
    deadline.begin()
    theirs.sendall(b"HTTP/1.1 200 O")
    clock.now += 5
    with timed_response(deadline)(ours) as response, pytest.raises(TimeoutError):
        response.begin()


def test_a_whole_answer_is_read_as_ever(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    deadline = Deadline(5, 2)
    deadline.begin()
    theirs.sendall(_HEAD + b"x" * 9_000)
    with timed_response(deadline)(ours) as response:
        response.begin()
        assert response.read() == b"x" * 9_000
    assert not deadline.is_over


def test_each_thread_has_a_time_of_its_own() -> None:
    clock = _Clock()
    deadline = Deadline(5, 9, clock)
    deadline.begin()
    clock.now += 4
    left: list[float] = []

    def other() -> None:
        deadline.begin()
        left.append(deadline.left)

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert (left, deadline.left) == ([5], 1)
