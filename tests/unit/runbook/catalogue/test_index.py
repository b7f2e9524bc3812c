"""The index: what is in it, what stays out, and that it is read once."""

import os
import time
from pathlib import Path

import pytest

from oncall_tui.config.model import Config, RunbooksSettings
from oncall_tui.runbook.catalogue.index import Remembered, index_of
from oncall_tui.runbook.catalogue.places import places_of
from oncall_tui.runbook.model import Mode
from tests.pace import pace
from tests.unit.runbook.books import EXAMPLE
from tests.unit.runbook.catalogue.library import entries, places, written


def test_what_is_kept_of_a_file(tmp_path: Path) -> None:
    folder = written(tmp_path, {"a/b.md": EXAMPLE.read_text(), "c.markdown": "+++\ntitle = 'C'\n+++\n# D\n"})
    native, plain = entries(places(folder))[::-1]
    assert (native.mode, native.id, native.title, native.owner, native.severity) == (
        *(Mode.NATIVE, "api-latency-high", "API latency high", "team-platform", "P2"),
    )
    assert native.match[0] == {"alertname": "APILatencyHigh"}
    assert ("Diagnosis", "diagnosis") in [(one.text, one.slug) for one in native.headings]
    assert (native.relative, native.root, Path(native.path)) == ("a/b.md", tmp_path.name, folder / "a/b.md")
    assert (plain.mode, plain.id, plain.title, plain.match) == (Mode.IMPORTED, "c", "C", ())


def test_what_is_no_runbook_stays_out(tmp_path: Path) -> None:
    files = {
        name: "# x\n" for name in ("a.md", "README.md", "_index.md", "a.txt", ".b.md", ".git/c.md", "CHANGELOG.md")
    }
    assert [one.relative for one in entries(places(written(tmp_path, files)))] == ["a.md"]


def test_links_that_leave_the_root_are_not_followed(tmp_path: Path) -> None:
    outside = written(tmp_path / "outside", {"secret.md": "# secret\n"})
    root = written(tmp_path / "root", {"real.md": "# real\n"})
    (root / "file.md").symlink_to(outside / "secret.md")
    (root / "folder").symlink_to(outside)
    (root / "circle.md").symlink_to(root / "circle.md")
    (root / "gone.md").symlink_to(root / "nothing.md")
    (root / "inside.md").symlink_to(root / "real.md")
    assert [one.relative for one in entries(places(root))] == ["real.md"]


def test_only_what_has_changed_is_read_again(tmp_path: Path) -> None:
    root = written(tmp_path / "root", {"a.md": "# a\n", "b.md": "# b\n"})
    cache = tmp_path / "cache" / "index.json"
    assert index_of(places(root), cache).read == 2
    again = index_of(places(root), cache)
    assert (again.read, [one.title for one in again.entries]) == (0, ["a", "b"])
    before = (root / "a.md").stat()
    (root / "a.md").write_text("# c\n")
    os.utime(root / "a.md", ns=(before.st_atime_ns, before.st_mtime_ns))
    changed = index_of(places(root), cache)
    assert (changed.read, [one.title for one in changed.entries]) == (1, ["c", "b"])
    (root / "b.md").unlink()
    assert [one.title for one in index_of(places(root), cache).entries] == ["c"]
    assert index_of(places(root), cache).read == 0


def test_the_index_is_private_and_replaced_as_a_whole(tmp_path: Path) -> None:
    root = written(tmp_path / "root", {"a.md": "# a\n"})
    cache = tmp_path / "cache" / "index.json"
    index_of(places(root), cache)
    assert cache.stat().st_mode & 0o777 == 0o600
    assert list(cache.parent.iterdir()) == [cache]


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b'{"version": 99, "files": {}}', b'{"version":1,"files":{"x":1}}', b"\xff"]
)
def test_an_index_that_is_of_no_use_is_made_anew(tmp_path: Path, data: bytes) -> None:
    root = written(tmp_path / "root", {"a.md": "# a\n"})
    cache = tmp_path / "index.json"
    cache.write_bytes(data)
    assert index_of(places(root), cache).read == 1
    assert index_of(places(root), cache).read == 0


def test_what_hinders_is_told_and_hides_nothing_else(tmp_path: Path) -> None:
    root = written(tmp_path / "root", {"a.md": "# a\n", "b.md": "# b\n"})
    (root / "b.md").write_bytes(b"x" * 2_000_001)
    (tmp_path / "file").touch()
    found = index_of(places(root), tmp_path / "file" / "index.json")
    assert [one.title for one in found.entries] == ["a"]
    assert "no runbook" in found.troubles[0]
    assert "cannot be kept" in found.troubles[1]


def test_the_folders_of_the_configuration_come_first(tmp_path: Path) -> None:
    team = written(tmp_path / "team", {"a.md": "# a\n"})
    own = written(tmp_path / "config" / "oncall-tui" / "runbooks", {"a.md": "# a\n"})
    settings = RunbooksSettings(paths=(team, tmp_path / "gone"), url_prefixes={"https://x/": team})
    where = places_of(Config(runbooks=settings), {"XDG_CONFIG_HOME": str(tmp_path / "config")})
    assert [one.folder for one in where.roots][:2] == [team, own]
    assert [one.name for one in where.roots][1:] == ["yours", "shipped"]
    assert where.missing == (str(tmp_path / "gone"),)
    assert where.url_prefixes == {"https://x/": team}
    assert index_of(where, None).troubles == (f"the runbook folder {tmp_path / 'gone'} is not there",)


def test_the_shipped_ones_can_be_left_out(tmp_path: Path) -> None:
    where = places_of(Config(runbooks=RunbooksSettings(shipped=False)), {"XDG_CONFIG_HOME": str(tmp_path)})
    assert where.roots == ()


def test_a_thousand_files_are_indexed_in_two_seconds_and_known_the_next_time(tmp_path: Path) -> None:
    """About 0.9 s and 0.1 s of processor time on two cores of 2.1 GHz, a third of the files native."""
    native = EXAMPLE.read_text()
    plain = (EXAMPLE.parent / "imported" / "openshift_alert.md").read_text()
    files = {f"{number % 20}/Alert{number}.md": native if number % 3 == 0 else plain for number in range(1_000)}
    root = written(tmp_path / "root", files)
    cache = tmp_path / "index.json"
    before = time.process_time()
    assert index_of(places(root), cache).read == 1_000
    first = time.process_time()
    again = index_of(places(root), cache)
    second = time.process_time()
    assert (again.read, len(again.entries)) == (0, 1_000)
    slower = pace()
    assert first - before < 2 * slower
    assert second - first < 0.5 * slower
    print(f"indexed in {first - before:.2f} s, known in {second - first:.2f} s")
    remembered = Remembered(places(root), cache)
    known = remembered.index()
    walks = []
    for _ in range(5):
        third = time.process_time()
        assert remembered.index().entries is known.entries
        walks.append(time.process_time() - third)
    assert min(walks) < 0.03 * pace(), "about 4 ms"


def test_from_call_to_call_only_changes_are_read_and_nothing_is_kept_without_a_file(tmp_path: Path) -> None:
    root = written(tmp_path / "root", {"a.md": "# a\n", "b/c.md": "# c\n"})
    remembered = Remembered(places(root), None)
    assert remembered.index().read == 2
    (root / "b" / "d.md").write_text("# d\n")
    again = remembered.index()
    assert (again.read, [one.title for one in again.entries]) == (1, ["a", "c", "d"])
    (root / "a.md").unlink()
    assert [one.title for one in remembered.index().entries] == ["c", "d"]
    assert remembered.index().read == 0


def test_a_folder_that_cannot_be_looked_into_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = written(tmp_path / "root", {"a.md": "# a\n", "b/c.md": "# c\n", "d/e.md": "# e\n"})
    scan = os.scandir

    def closed(folder: str) -> object:
        if folder.endswith("/b"):
            raise PermissionError(13, "Permission denied", folder)
        return scan(folder)

    monkeypatch.setattr(os, "scandir", closed)
    assert [one.title for one in entries(places(root))] == ["a", "e"]
