"""Rules for ``[notify]``."""

from collections.abc import Iterator

from oncall_tui.config.keys import Finding, Key
from oncall_tui.config.model import CommandSettings, QuietSettings
from oncall_tui.config.quiet import read_clock, read_zone
from oncall_tui.config.rules.draft import Draft
from oncall_tui.config.severities import parse_threshold

THRESHOLDS = frozenset({"bell", "desktop", "rings", "severity"})
"""Every key that is one of P1 … P5 or ``off``."""


def notify_findings(draft: Draft) -> Iterator[Finding]:
    """Thresholds that are neither a severity nor ``off``, hours that are none, a program that cannot be named so."""
    notify = draft.config.notify
    for name in ("bell", "desktop"):
        yield from _threshold(getattr(notify, name), ("notify", name))
    for number, window in enumerate(notify.quiet):
        yield from _quiet(window, ("notify", "quiet", number))
    if notify.command is not None:
        yield from _command(notify.command, ("notify", "command"))


def _threshold(word: str, key: Key) -> Iterator[Finding]:
    try:
        parse_threshold(word)
    except ValueError:
        yield Finding(key, f'"{word}" is not a severity', 'write "P1" to "P5" for this severity and worse, or "off"')


def _quiet(window: QuietSettings, key: Key) -> Iterator[Finding]:
    yield from _threshold(window.rings, (*key, "rings"))
    for name, word in (("from", window.from_), ("to", window.to)):
        # What is missing has its finding already, and an empty text for a placeholder.
        if word and read_clock(word) is None:
            yield Finding((*key, name), f'"{word}" is no time of day', 'write hours and minutes, e.g. "22:00"')
    if window.timezone:
        try:
            read_zone(window.timezone)
        except ValueError:
            problem = f'this machine knows no time zone "{window.timezone}"'
            yield Finding((*key, "timezone"), problem, 'write a name like "Europe/Paris", or leave it out')


def _command(command: CommandSettings, key: Key) -> Iterator[Finding]:
    yield from _threshold(command.severity, (*key, "severity"))
    program = command.run[0] if command.run else ""
    example = 'write the program and its arguments, e.g. ["notify-send", "on call"]'
    if not program.strip():
        yield Finding((*key, "run"), "names no program", example)
    elif "/" in program and not program.startswith(("/", "~/")):
        problem = f'"{program}" depends on the folder that oncall-tui is started in'
        yield Finding((*key, "run", 0), problem, "write its full path, or its name alone to look for it in PATH")
