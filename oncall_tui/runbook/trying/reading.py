"""Reads a ``*_test.yml``: against its runbook, so that a name that means nothing is a mistake, told with its line."""

import errno
from collections.abc import Callable
from pathlib import Path

from oncall_tui.runbook.model import Runbook
from oncall_tui.runbook.reading.nodes import BrokenYaml, Node, Place, Scalar, Table, node_of
from oncall_tui.runbook.reading.read import LARGEST
from oncall_tui.runbook.run.known import units_of
from oncall_tui.runbook.run.states import State
from oncall_tui.runbook.trying.cases import GUARDS, Case, CaseFile, Deed, Expected, Fixture, Verb
from oncall_tui.runbook.trying.nodes import Taker, is_nothing

Load = Callable[[Path], Runbook]
"""Reads a runbook. Raises ``OSError``."""

_TOP = ("runbook", "cases")
_CASE = ("name", "given", "fixtures", "do", "expect", "fuzz")
_GIVEN = ("labels", "config", "params")
_FIXTURE = ("value", "stdout", "stderr", "exit", "status")
_EXPECT = ("recommended", "env", "state", "blocked")


def read_cases(path: Path, load: Load) -> CaseFile:
    """A test file with everything that is wrong with it. Blocks.

    Raises:
        OSError: the test file cannot be read.
    """
    taker = Taker(path)
    try:
        root = node_of(_text(path), Place(1, 1))
    except BrokenYaml as error:
        taker.wrong(error.place, "YAML", error.problem)
        return CaseFile(path, None, troubles=tuple(taker.troubles))
    top = taker.table(root, "", _TOP)
    runbook = _runbook(taker, top.get("runbook"), load)
    if runbook is None:
        return CaseFile(path, None, troubles=tuple(taker.troubles))
    nodes = taker.listing(top.get("cases"), "cases")
    if not nodes:
        taker.wrong(Place(1, 1), "cases", "there is none: nothing would be tested")
    reader = _Reader(taker, runbook)
    cases = tuple(reader.case(node, f"cases[{number}]") for number, node in enumerate(nodes, start=1))
    return CaseFile(path, runbook, cases, tuple(taker.troubles))


def _text(path: Path) -> str:
    with path.open("rb") as stream:
        data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise OSError(errno.EFBIG, f"larger than {LARGEST:,} bytes: this is no test file", str(path))
    return data.decode("utf-8", "replace")


def _runbook(taker: Taker, node: Node | None, load: Load) -> Runbook | None:
    if node is None:
        taker.wrong(Place(1, 1), "runbook", "is missing: the name of the file that is tested")
        return None
    name = taker.text(node, "runbook")
    if not name or Path(name).name != name:
        taker.wrong(node.place, "runbook", "has to be the name of a file in the same folder")
        return None
    try:
        book = load(taker.file.parent / name)
    except OSError as error:
        taker.wrong(node.place, "runbook", f"{name} cannot be read: {error.strerror or error}")
        return None
    if book.is_refused:
        taker.wrong(node.place, "runbook", f"{name} is refused: {book.errors[0]}")
        return None
    return book


class _Reader:
    def __init__(self, taker: Taker, runbook: Runbook) -> None:
        self._taker = taker
        self._runbook = runbook
        self._units = {unit for step in runbook.steps for unit in units_of(step)} | {one.id for one in runbook.steps}

    def case(self, node: Node, key: str) -> Case:
        """One case."""
        taker = self._taker
        table = taker.table(node, key, _CASE)
        given = taker.table(table.get("given"), f"{key}.given", _GIVEN)
        return Case(
            name=taker.text(table["name"], f"{key}.name") if "name" in table else key,
            line=node.place.line,
            labels=taker.texts(given.get("labels"), f"{key}.given.labels"),
            config=taker.texts(given.get("config"), f"{key}.given.config"),
            params=self._params(given.get("params"), f"{key}.given.params"),
            fixtures=self._fixtures(table.get("fixtures"), f"{key}.fixtures"),
            deeds=self._deeds(table.get("do"), f"{key}.do"),
            expected=self._expected(table.get("expect"), f"{key}.expect"),
            fuzz=self._fuzz(table.get("fuzz"), f"{key}.fuzz"),
        )

    def _params(self, node: Node | None, key: str) -> dict[str, str]:
        found = {}
        for name, value in self._taker.table(node, key).items():
            if name not in self._runbook.params:
                self._taker.wrong(value.place, f"{key}.{name}", "the runbook has no such parameter")
            found[name] = self._taker.text(value, f"{key}.{name}")
        return found

    def _fixtures(self, node: Node | None, key: str) -> dict[str, tuple[Fixture, ...]]:
        found = {}
        for name, value in self._taker.table(node, key).items():
            where = f"{key}.{name}"
            if name != GUARDS:
                self._named(value, where, name)
            several = (value,) if isinstance(value, Table) else self._taker.listing(value, where)
            found[name] = tuple(self._fixture(one, where) for one in several)
        return found

    def _fixture(self, node: Node, key: str) -> Fixture:
        taker = self._taker
        table = taker.table(node, key, _FIXTURE)
        value = table.get("value")
        several = (value,) if isinstance(value, Scalar) else taker.listing(value, f"{key}.value")
        return Fixture(
            stdout=taker.text(table["stdout"], f"{key}.stdout") if "stdout" in table else "",
            stderr=taker.text(table["stderr"], f"{key}.stderr") if "stderr" in table else "",
            exit=taker.whole(table["exit"], f"{key}.exit") if "exit" in table else 0,
            status=taker.whole(table["status"], f"{key}.status") if "status" in table else None,
            values=tuple(taker.number(one, f"{key}.value") for one in several if not is_nothing(one)),
        )

    def _deeds(self, node: Node | None, key: str) -> tuple[Deed, ...]:
        return tuple(deed for one in self._taker.listing(node, key) if (deed := self._deed(one, key)) is not None)

    def _deed(self, node: Node, key: str) -> Deed | None:
        verb, *rest = self._taker.text(node, key).split() or [""]
        if verb not in tuple(Verb) or len(rest) != (2 if verb == Verb.PICK else 1):
            self._taker.wrong(node.place, key, "has to be `run STEP`, `confirm STEP`, `skip STEP` or `pick STEP ROW`")
            return None
        if not self._named(node, key, rest[0]):
            return None
        row = 0
        if verb == Verb.PICK:
            if not rest[1].isdecimal() or rest[1] == "0":
                self._taker.wrong(node.place, key, "rows are counted from 1")
                return None
            row = int(rest[1]) - 1
        return Deed(Verb(verb), rest[0], row)

    def _expected(self, node: Node | None, key: str) -> Expected:
        taker = self._taker
        table = taker.table(node, key, _EXPECT)
        env: dict[tuple[str, str], str] = {}
        for name, value in taker.table(table.get("env"), f"{key}.env").items():
            step, _, variable = name.partition(".")
            if self._named(value, f"{key}.env.{name}", step):
                env[step, self._variable(value, f"{key}.env.{name}", step, variable)] = taker.text(value, name)
        states = {}
        for name, value in taker.table(table.get("state"), f"{key}.state").items():
            where, word = f"{key}.state.{name}", taker.text(value, name)
            if word not in tuple(State):
                taker.wrong(value.place, where, f"{word!r} is no state; there are {', '.join(State)}")
            elif self._named(value, where, name):
                states[name] = State(word)
        recommended = self._steps(table["recommended"], f"{key}.recommended") if "recommended" in table else None
        return Expected(recommended, self._steps(table.get("blocked"), f"{key}.blocked"), env, states)

    def _variable(self, node: Node, key: str, step_id: str, name: str) -> str:
        step = self._runbook.step(step_id)
        if step is not None and name not in step.uses and name not in step.options.env:
            self._taker.wrong(node.place, key, f"{step_id} names no {name or 'value'}; write STEP.NAME")
        return name

    def _steps(self, node: Node | None, key: str) -> tuple[str, ...]:
        nodes = self._taker.listing(node, key)
        return tuple(name for one in nodes if self._named(one, key, name := self._taker.text(one, key)))

    def _fuzz(self, node: Node | None, key: str) -> tuple[str, ...]:
        names = []
        for one in self._taker.listing(node, key):
            name = self._taker.text(one, key)
            if name not in self._runbook.params:
                self._taker.wrong(one.place, key, f"the runbook has no parameter {name}")
            else:
                names.append(name)
        return tuple(names)

    def _named(self, node: Node, key: str, step: str) -> bool:
        if step in self._units:
            return True
        self._taker.wrong(node.place, key, f"the runbook has no step {step}")
        return False
