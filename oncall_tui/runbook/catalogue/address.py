"""What an annotation leads to: an address or a path that is compared with the catalogue. Nothing is fetched."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from oncall_tui.runbook.catalogue.entry import Entry
from oncall_tui.runbook.catalogue.places import Places
from oncall_tui.runbook.catalogue.walk import ENDINGS

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LONGEST = 2_000
_INDEXES = ("readme", "index", "_index")


@dataclass(frozen=True, slots=True)
class Address:
    """An address or a path, taken apart."""

    whole: str
    """Without query and anchor."""
    parts: tuple[str, ...]
    """Of its path, percent signs decoded."""
    anchor: str
    is_url: bool


def address_of(text: str) -> Address | str:
    """Take an annotation apart; a text in its place says why it is refused."""
    if len(text) > _LONGEST or not text.isprintable():
        return "too long, or it holds control characters"
    is_url = bool(_SCHEME.match(text))
    try:
        split = urlsplit(text)
    except ValueError:
        return "no address"
    if is_url and split.scheme.lower() not in ("http", "https"):
        return f"addresses of the kind {split.scheme} are not followed"
    path = unquote(split.path)
    if "\\" in path or not path.isprintable():
        return "its path holds backslashes or control characters"
    parts = PurePosixPath(path).parts
    if ".." in parts:
        return "its path leads out of the runbook folders (..)"
    whole = f"{split.scheme}://{split.netloc}{split.path}" if is_url else split.path
    names = tuple(part for part in parts if part not in ("/", "."))
    return Address(whole, names, unquote(split.fragment), is_url)


def files_at(address: Address, entries: Sequence[Entry], places: Places) -> tuple[list[Entry], str]:
    """The files that it leads to, and how, in words: by prefix, by path, by the last part as the name."""
    prefix = max((one for one in places.url_prefixes if address.whole.startswith(one)), key=len, default=None)
    if prefix is not None:
        rest = unquote(address.whole[len(prefix) :]).strip("/")
        folder = places.url_prefixes[prefix]
        found = [one for one in entries if _is_at(Path(one.path), folder, rest)]
        if found:
            return found, f"begins with {prefix}"
    for start in range(len(address.parts)):
        wanted = "/".join(address.parts[start:])
        if start and "/" not in wanted:
            break
        found = [one for one in entries if _is_named(one.relative, wanted)]
        if found:
            return found, f"is the path {wanted}"
    stem = PurePosixPath(address.parts[-1]).stem if address.parts else ""
    found = [one for one in entries if stem and one.stem.lower() == stem.lower()]
    return found, f"ends in the name {stem}"


def _is_at(path: Path, folder: Path, wanted: str) -> bool:
    return path.is_relative_to(folder) and _is_named(path.relative_to(folder).as_posix(), wanted)


def _is_named(relative: str, wanted: str) -> bool:
    """Whether a file is the one of that path, its ending or ``index`` left out as pages do."""
    if relative == wanted:
        return True
    bare, _, ending = relative.rpartition(".")
    if f".{ending.lower()}" not in ENDINGS:
        return False
    folder, _, name = bare.rpartition("/")
    return bare == wanted or (name.lower() in _INDEXES and folder == wanted)
