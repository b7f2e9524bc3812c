"""What each room may load, seen from fresh processes, and a domain that never asks what time it is.

import-linter reads the import statements; this is what really happens when a room is loaded.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "oncall_tui"
FRONT_ENDS = {"ui"}
"""The only room that knows Textual."""
ROOMS = sorted(
    path.stem
    for path in PACKAGE.iterdir()
    if (path.is_dir() and any(path.rglob("*.py"))) or (path.suffix == ".py" and not path.stem.startswith("__"))
)
HEADLESS = [room for room in ROOMS if room not in FRONT_ENDS]
LAZY = {
    "textual": HEADLESS,
    "rich": HEADLESS,
    "httpx": [room for room in HEADLESS if room != "simulator"],
    "pagerduty": HEADLESS,
    "prometheus_api_client": HEADLESS,
    "sqlalchemy": HEADLESS,
    "keyring": HEADLESS,
    "markdown_it": HEADLESS,
    "yaml": HEADLESS,
    "tree_sitter": HEADLESS,
    "tree_sitter_bash": HEADLESS,
}
"""Libraries that are heavy, and the rooms that load without them: they come with the first call that needs them."""
SPEAKING = {"oncall_tui.sources.pagerduty.vendor"}
"""Modules that build on a vendor's library, imported in the thread that first speaks to the vendor."""

LOAD = """
import sys
from importlib import import_module
for name in sys.argv[1:]:
    import_module(name)
print(*sorted(name for name in sys.modules if "." not in name))
"""


def modules_of(room: str) -> list[str]:
    """Every module of a room but those that speak; ``__main__`` is a program and not loaded."""
    place = PACKAGE / room
    paths = [PACKAGE / f"{room}.py"] if place.with_suffix(".py").exists() else sorted(place.rglob("*.py"))
    names = [path.relative_to(PACKAGE.parent).with_suffix("").parts for path in paths if path.stem != "__main__"]
    dotted = (".".join(name[:-1] if name[-1] == "__init__" else name) for name in names)
    return [name for name in dotted if name not in SPEAKING]


def loaded_with(modules: list[str]) -> set[str]:
    """The packages that a fresh process holds after it has imported ``modules``."""
    command = [sys.executable, "-c", LOAD, *modules]
    done = subprocess.run(command, cwd=PACKAGE.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


NOT_BEFORE_THE_FIRST_ALERT = {
    "oncall_tui.domain.action",
    "oncall_tui.domain.history",
    "oncall_tui.journal.store",
    "oncall_tui.response.responder",
}
"""What is first needed when something is done: it would keep the first request waiting for 30 ms."""


def test_the_first_request_waits_for_nothing_that_acts_need() -> None:
    code = "import sys, oncall_tui.assembly, oncall_tui.ui.app; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "oncall_tui.monitor.monitor" in loaded
    assert NOT_BEFORE_THE_FIRST_ALERT & loaded == set()


NOT_BEFORE_THE_FIRST_PAINT = {
    "hmac",
    "hashlib",
    "ssl",
    "shlex",
    "random",
    "email",
    "http.client",
    "subprocess",
    "httpx",
}
"""What loads OpenSSL or the network, and what only a secret or a program needs."""


def test_the_first_paint_waits_for_nothing_that_requests_need() -> None:
    start = "import oncall_tui.cli.init.begin, oncall_tui.config.load, oncall_tui.ui.start"
    code = f"import sys, textual.app; textual = set(sys.modules); {start}; print(*set(sys.modules) - textual)"
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "oncall_tui.ui.app" in loaded
    assert NOT_BEFORE_THE_FIRST_PAINT & loaded == set()


def test_while_a_command_is_imported_nothing_is_collected_and_then_it_is() -> None:
    code = """
import gc
from oncall_tui import __main__
from oncall_tui.cli import main as cli
seen = []
def run():
    seen.append(gc.isenabled())
    cli.VERBS["status"].load()
    seen.append(gc.isenabled())
cli.main = run
__main__.main()
print(seen)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[False, True]"


def test_the_rooms_of_the_design_are_all_looked_at() -> None:
    assert set(HEADLESS) >= {
        "domain",
        "config",
        "sources",
        "journal",
        "monitor",
        "response",
        "runbook",
        "assembly",
        "simulator",
    }
    assert "oncall_tui.cli.main" in modules_of("cli")
    assert "oncall_tui.assembly.runbooks" in modules_of("assembly")


@pytest.mark.parametrize("room", HEADLESS)
def test_a_room_loads_without_the_screen_and_without_what_is_heavy(room: str) -> None:
    modules = modules_of(room)
    assert modules
    unwanted = {library for library, rooms in LAZY.items() if room in rooms}
    assert {"textual", "rich"} <= unwanted
    assert unwanted & loaded_with(modules) == set()


def test_what_speaks_is_not_loaded_by_what_does_not() -> None:
    assert all((PACKAGE.parent / name.replace(".", "/")).with_suffix(".py").exists() for name in SPEAKING)
    assert {"pagerduty", "httpx2"} & loaded_with(["oncall_tui.sources.registry", *modules_of("sources")]) == set()


def test_the_probe_sees_a_library_that_is_loaded() -> None:
    assert "sqlite3" in loaded_with(["sqlite3"])


def test_the_package_itself_loads_nothing_of_its_own() -> None:
    command = [sys.executable, "-c", "import oncall_tui, sys; print(*(n for n in sys.modules if 'oncall_tui' in n))"]
    done = subprocess.run(command, cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["oncall_tui"]


CLOCKS = {"now", "today", "utcnow", "fromtimestamp", "utcfromtimestamp", "monotonic", "perf_counter"}


def clock_readings(tree: ast.AST) -> list[int]:
    """The lines where a clock is read."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call.lineno for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in CLOCKS]


@pytest.mark.parametrize("path", sorted((PACKAGE / "domain").rglob("*.py")), ids=lambda path: path.stem)
def test_the_domain_never_reads_a_clock(path: Path) -> None:
    assert clock_readings(ast.parse(path.read_text())) == []


def test_a_clock_that_is_read_is_found() -> None:
    assert clock_readings(ast.parse("x = 1\ny = datetime.now(UTC)\nz = date.today()")) == [2, 3]
