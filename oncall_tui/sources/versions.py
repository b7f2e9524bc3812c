"""Versions as people write them: without the package in front, and a commit in twelve characters."""

import re

_COMMIT = re.compile(r"[0-9a-f]{13,64}", re.IGNORECASE)
_NUMBERED = re.compile(r"(?<![\w.@/-])v?\d+\.\d+(?:\.\d+)?(?!\.?\d)(?:[-+][0-9A-Za-z.]*[0-9A-Za-z])*(?![\w/])")
"""Two or three numbers: four are the address of a host."""
_ABBREVIATED_COMMIT = re.compile(r"(?<![\w.@/-])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}(?![\w.-])")
_COMMIT_LENGTH = 12


def package_and_version(release: str) -> tuple[str, str]:
    """``api@2.41.0`` gives ``("api", "2.41.0")``; a whole commit hash is cut to twelve characters.

    The last ``@`` divides, because a scoped package begins with one (``@shop/web@1.4.0``).
    """
    package, at, version = release.strip().rpartition("@")
    if not at or not version or not package:
        package, version = "", release.strip()
    return package, short_version(version)


def short_version(version: str) -> str:
    """The version, a whole commit hash in twelve characters."""
    version = version.strip()
    return version[:_COMMIT_LENGTH] if _COMMIT.fullmatch(version) else version


def version_in(sentence: str) -> str:
    """The first numbered version in a sentence, else the first commit hash, else nothing."""
    found = _NUMBERED.search(sentence) or _ABBREVIATED_COMMIT.search(sentence)
    return short_version(found.group(0)) if found else ""
