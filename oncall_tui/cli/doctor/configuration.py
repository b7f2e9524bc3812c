"""The configuration: what is wrong with the file, with the theme, with the key map, and what looks odd in it."""

import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import structs

from oncall_tui.config.errors import Problem
from oncall_tui.config.expected import near
from oncall_tui.config.keys import Key, dotted
from oncall_tui.config.model import Config, JournalSettings, SeveritySettings
from oncall_tui.config.paths import shipped, themes_dir
from oncall_tui.config.rules.urls import is_open_road
from oncall_tui.domain.counts import counted
from oncall_tui.domain.text import clean_line
from oncall_tui.sources.base import CheckState, Finding, Topic
from oncall_tui.sources.checkup import named


def problem_findings(problems: Sequence[Problem]) -> list[Finding]:
    """Each problem of the file with its line and key; the screen does not start with any."""
    return [_problem(one) for one in problems]


def setting_findings(config: Config) -> list[Finding]:
    """Settings that are allowed and odd, and what there is."""
    checks = sum(len(service.checks) for service in config.services.values())
    counts = (
        counted(len(config.sources), "source"),
        counted(len(config.services), "service"),
        counted(checks, "check"),
    )
    found = [Finding(CheckState.OK, f"{', '.join(counts)}.", topic=Topic.SETTINGS)]
    for name, source in config.sources.items():
        if source.token is not None and is_open_road(source.url):
            what = f"sources.{name}: its token travels over plain http, readable on the way."
            advice = "Use https; `allow_insecure` is for a road that is safe by itself."
            found.append(Finding(CheckState.WARNING, what, advice, Topic.SETTINGS))
        if source.client_key is not None and _is_open_to_others(source.client_key):
            what = f"sources.{name}.client_key: others may read {source.client_key}."
            advice = f"Close it with `chmod 600 {source.client_key}`."
            found.append(Finding(CheckState.WARNING, what, advice, Topic.SECRET))
    return found


def is_wrong(key: Key, problems: Sequence[Problem]) -> bool:
    """Whether there is a problem at this key or below it."""
    place = dotted(key)
    return any(one.key == place or one.key.startswith((f"{place}.", f"{place}[")) for one in problems)


def usable(config: Config, problems: Sequence[Problem]) -> Config:
    """The settings without what is wrong, so that the rest can be tried. Sources are kept: each is asked or is not."""
    display = config.display
    return structs.replace(
        config,
        services={name: one for name, one in config.services.items() if not is_wrong(("services", name), problems)},
        display=structs.replace(display, chart=None) if is_wrong(("display", "chart"), problems) else display,
        severity=SeveritySettings() if is_wrong(("severity",), problems) else config.severity,
        journal=JournalSettings() if is_wrong(("journal",), problems) else config.journal,
    )


def theme_findings(config: Config, environ: Mapping[str, str]) -> list[Finding]:
    """Theme files that cannot be used, and a chosen theme that is none. Imports Textual: call it in a thread."""
    from oncall_tui.ui.theme_folder import every_theme
    from oncall_tui.ui.theming import FALLBACK

    own = themes_dir(environ)
    try:
        loading = every_theme(shipped("themes"), own)
    except OSError as error:
        return [Finding(CheckState.FAILED, clean_line(str(error)), "Install oncall-tui again.", Topic.THEME)]
    advice = f"Look at the file in {own}."
    found = [Finding(CheckState.WARNING, f"Theme {one}.", advice, Topic.THEME) for one in loading.problems]
    names = sorted(theme.name for theme in loading.themes)
    chosen = config.display.theme
    if chosen not in names:
        what = f'display.theme: there is no theme "{clean_line(chosen, 60)}"; {FALLBACK} is shown.'
        meant = near(chosen, names)
        advice = f'Did you mean "{meant}"?' if meant else f"Write one of {named(names, 12)}."
        found.append(Finding(CheckState.WARNING, what, advice, Topic.THEME))
    return found or [Finding(CheckState.OK, f"Theme {chosen}.", topic=Topic.THEME)]


def key_findings(config: Config) -> list[Finding]:
    """What is wrong with the key map, of which nothing holds then. Imports the screen's commands."""
    from oncall_tui.ui.keymap import read_keymap

    beside = [*(one.key for one in config.filters), *(one.key for one in config.actions)]
    own = [*config.keys, *(key for key in beside if key.strip())]
    if not own:
        return []
    problems = read_keymap(config.keys, config.filters, config.actions).problems
    if not problems:
        what = f"{counted(len(own), 'command')} with a key of your own."
        return [Finding(CheckState.OK, what, topic=Topic.KEYS)]
    found = [
        Finding(
            CheckState.WARNING, clean_line(f"{dotted(one.key)}: {one.problem}."), _sentence(one.expected), Topic.KEYS
        )
        for one in problems
    ]
    what = "The whole key map is left aside: the default keys hold."
    return [*found, Finding(CheckState.WARNING, what, "Mend what stands above.", Topic.KEYS)]


def no_configuration(usual: Path) -> list[Finding]:
    """There is nothing to watch yet: how to begin."""
    what = f"There is none yet at {usual}: nothing is watched."
    advice = "`oncall-tui config init` makes one by questions; `oncall-tui demo` shows a small world first."
    return [Finding(CheckState.FAILED, what, advice, Topic.SETTINGS)]


def _is_open_to_others(file: Path) -> bool:
    """Whether the mode of a file lets anybody but its owner read it; a missing one is told elsewhere."""
    try:
        return bool(file.expanduser().stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))
    except OSError:
        return False


def _problem(problem: Problem) -> Finding:
    place = f"line {problem.line}: " if problem.line is not None else ""
    key = f"{problem.key}: " if problem.key else ""
    return Finding(
        CheckState.FAILED, clean_line(f"{place}{key}{problem.problem}."), _sentence(problem.expected), Topic.SETTINGS
    )


def _sentence(text: str) -> str:
    text = clean_line(text)
    return f"{text[:1].upper()}{text[1:]}" + ("" if not text or text.endswith(("?", ".")) else ".")
