"""What the verbs on runbooks share: the configuration if there is one, the catalogue, ``KEY=VALUE`` options."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from oncall_tui.cli.output import complain
from oncall_tui.cli.session import Session
from oncall_tui.domain.text import clean_line

if TYPE_CHECKING:
    from oncall_tui.config.model import Config
    from oncall_tui.runbook.catalogue.index import Index
    from oncall_tui.runbook.catalogue.places import Places
    from oncall_tui.runbook.values.known import Known

INDEX_FILE = "runbooks.json"


class Pair(click.ParamType[tuple[str, str]]):
    """``KEY=VALUE``; the value may hold anything, more ``=`` too."""

    name = "key=value"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        key, sign, text = str(value).partition("=")
        if not sign or not key:
            self.fail(f"{str(value)!r} is no KEY=VALUE", param, ctx)
        return key, text


label_option = click.option("--label", "labels", type=Pair(), multiple=True, help="A label of the alert; repeatable.")
annotation_option = click.option(
    "--annotation", "annotations", type=Pair(), multiple=True, help="An annotation of the alert; repeatable."
)


def settings(session: Session) -> "Config":
    """The configuration, or the defaults where there is none: runbooks can be read without."""
    from oncall_tui.cli.faults import NoConfiguration
    from oncall_tui.config.model import Config

    try:
        return session.config()
    except NoConfiguration:
        return Config()


def catalogue(session: Session) -> "tuple[Places, Index]":
    """All runbooks; what hinders is told on stderr."""
    from oncall_tui.config.paths import cache_dir
    from oncall_tui.runbook.catalogue.index import index_of
    from oncall_tui.runbook.catalogue.places import places_of

    places = places_of(settings(session), session.environ)
    index = index_of(places, cache_dir(session.environ) / INDEX_FILE)
    for trouble in index.troubles:
        complain(trouble)
    return places, index


def known_of(
    session: Session, labels: Mapping[str, str], annotations: Mapping[str, str], typed: Mapping[str, str]
) -> "Known":
    """What values can come from on the command line."""
    from oncall_tui.runbook.values.known import Known, Told, flat

    records = (Told("command line", labels, annotations),) if labels or annotations else ()
    config = flat(settings(session).runbooks.values)
    return Known(records=records, config=config, environ=session.environ, typed=typed)


def looked_in(places: "Places") -> str:
    """Where runbooks were looked for, and how to have them looked for elsewhere."""
    folders = ", ".join(clean_line(str(one.folder), 200) for one in places.roots) or "no folder"
    return f"Looked in {folders}; `paths` under [runbooks] of the configuration adds others."
