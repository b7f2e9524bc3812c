"""The base of every table of ``oncall.toml``."""

import msgspec


class Struct(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The base of every table: frozen, and strict about its keys."""
