"""Our ``dataclass`` does for a class what the standard library's does, looked at beside it."""

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import field
from typing import Any, Generic, TypeVar

import pytest

from oncall_tui.dataclass import dataclass

Decorator = Callable[[type], type]
Item = TypeVar("Item")
OPTIONS = [{}, {"frozen": True}, {"slots": True}, {"frozen": True, "slots": True}]
FROZEN = OPTIONS[3]


def plain(decorate: Decorator) -> Any:
    class Page:
        """What somebody was woken by."""

        title: str
        urgency: str = "high"
        labels: dict[str, str] = field(default_factory=dict)
        note: str = field(default="", repr=False, compare=False)
        number: int = field(default=7, init=False)

    return decorate(Page)


def with_own(decorate: Decorator) -> Any:
    class Own:
        """Says itself how it looks and compares."""

        title: str
        tags: list[str] = field(default_factory=list, init=False)

        def __post_init__(self) -> None:
            self.tags.append(self.title)

        def __repr__(self) -> str:
            return f"<{self.title}>"

        def __eq__(self, other: object) -> bool:
            return isinstance(other, type(self)) and self.title[0] == other.title[0]

    return decorate(Own)


def generic(decorate: Decorator) -> Any:
    class Box(Generic[Item]):
        """A box."""

        item: Item
        size: int = field(default=1, hash=False)

    return decorate(Box)


def empty(decorate: Decorator) -> Any:
    class Nothing:
        """Nothing in it."""

    return decorate(Nothing)


def both(make: Callable[[Decorator], Any], options: dict[str, bool]) -> tuple[Any, Any]:
    return make(dataclass(**options)), make(dataclasses.dataclass(**options))


def outcome(act: Callable[[], object]) -> object:
    """What an act gives, or how it fails."""
    try:
        return act()
    except Exception as error:
        return type(error), str(error)


ACTS: list[Callable[[Any], object]] = [
    lambda kind: repr(kind("a")),
    lambda kind: repr(kind("a", "b")),
    lambda kind: kind("a") == kind("a"),
    lambda kind: kind("a") == kind("b"),
    lambda kind: kind("a") != kind("a"),
    lambda kind: kind("a") == "a",
    lambda kind: hash(kind("a")),
    lambda kind: hash(kind("a")) == hash(kind("a")),
    lambda kind: repr(kind()),
    lambda kind: kind("a", nobody="b"),
    # What is no field is refused by the standard library with slots too, but by an accident: with a TypeError.
    lambda kind: isinstance(outcome(lambda: setattr(kind("a"), "other", "b")), tuple),
    lambda kind: isinstance(outcome(lambda: delattr(kind("a"), "other")), tuple),
    lambda kind: repr(dataclasses.replace(kind("a"), title="c")),
    lambda kind: repr(copy.copy(kind("a"))),
    lambda kind: repr(copy.deepcopy(kind("a"))),
    lambda kind: [(one.name, one.default, one.init) for one in dataclasses.fields(kind)],
    lambda kind: dataclasses.astuple(kind("a")),
    lambda kind: kind.__match_args__,
    lambda kind: getattr(kind, "__slots__", None),
    lambda kind: kind.__doc__,
    lambda kind: kind("a").labels is not kind("a").labels,
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("make", [plain, with_own, generic, empty])
def test_it_does_what_the_standard_library_does(make: Callable[[Decorator], Any], options: dict[str, bool]) -> None:
    for number, act in enumerate(ACTS):
        # A class of its own for each act: methods are put into it when they are first called.
        ours, theirs = both(make, options)
        assert outcome(lambda: act(ours)) == outcome(lambda: act(theirs)), number  # noqa: B023  # called at once
        assert outcome(lambda: act(ours)) == outcome(lambda: act(theirs)), number  # noqa: B023


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_what_is_frozen_stays_so(options: dict[str, bool]) -> None:
    ours, theirs = both(plain, options)
    changes: list[Callable[[Any], object]] = [
        lambda page: setattr(page, "title", "b"),
        lambda page: delattr(page, "title"),
    ]
    for change in changes:
        assert outcome(lambda: change(ours("a"))) == outcome(lambda: change(theirs("a")))  # noqa: B023  # called at once


def test_without_brackets_too() -> None:
    kind = plain(dataclass)
    assert kind("a") == kind("a")
    assert kind("a").labels == {}


def test_what_is_called_tells_its_parameters() -> None:
    kind = plain(dataclass(**FROZEN))
    kind("a")
    assert list(inspect.signature(kind).parameters) == ["title", "urgency", "labels", "note"]
    assert kind.__init__.__annotations__["labels"] == dict[str, str]


def test_who_inherits_has_the_fields_of_both() -> None:
    base = plain(dataclass(**FROZEN))

    @dataclass(frozen=True, slots=True)
    class Incident(base):  # type: ignore[misc, valid-type]  # made above
        """With a state."""

        state: str = "open"

    one = Incident("a", state="closed")
    assert (one.title, one.number, one.state) == ("a", 7, "closed")
    assert one != base("a")
    assert one == dataclasses.replace(one)


@dataclass(frozen=True, slots=True)
class Shift:
    """Who is on call."""

    who: str
    hours: int = 8


@dataclass
class Ring:
    """Holds itself."""

    next: "Ring | None" = None


def test_it_is_pickled_by_its_name() -> None:
    assert pickle.loads(pickle.dumps(Shift("kim"))) == Shift("kim")


def test_what_holds_itself_can_be_shown() -> None:
    ring = Ring()
    ring.next = ring
    assert repr(ring) == "Ring(next=...)"


def test_nothing_is_compiled_before_it_is_called() -> None:
    first, second = plain(dataclass(**FROZEN)), plain(dataclass(**FROZEN))
    assert first.__init__.__code__ is second.__init__.__code__
    second("a")
    assert first.__init__.__code__ is not second.__init__.__code__
