"""What is known of single commands, from their manuals: each module holds the rules of one family."""

from collections.abc import Mapping
from functools import cache

from oncall_tui.runbook.classify.call import Rule


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule, by the name of its command; a command without one is never ``read``."""
    from oncall_tui.runbook.classify.tools import (
        builtins,
        cloud,
        clusters,
        containers,
        curl,
        databases,
        editors,
        files,
        git,
        hashicorp,
        kubernetes,
        machine,
        mutating,
        network,
        packages,
        prometheus,
        readers,
        redis,
        services,
        texts,
        vaults,
        wrappers,
    )

    families = (
        readers, texts, files, machine, network, services, packages, builtins, editors, mutating, wrappers,
        kubernetes, containers, cloud, databases, redis, hashicorp, git, curl, prometheus, clusters, vaults,
    )  # fmt: skip
    table: dict[str, Rule] = {}
    for family in families:
        for name, rule in family.RULES.items():
            if name in table:
                raise ValueError(f"two rules for {name}")
            table[name] = rule
    return table
