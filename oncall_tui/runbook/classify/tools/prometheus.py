"""promtool and amtool (the reference of Prometheus and Alertmanager), and Loki's logcli."""

from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.options import grammar
from oncall_tui.runbook.classify.tools.verbs import verbs
from oncall_tui.runbook.classify.verdict import READ, change, follows
from oncall_tui.runbook.classify.words import Word
from oncall_tui.runbook.danger import Judgement


def _silence(call: Call, rest: tuple[Word, ...]) -> Judgement:
    """``amtool silence`` alone lists."""
    return READ if not rest else change("amtool silence with words changes silences")


def _logs(call: Call, rest: tuple[Word, ...]) -> Judgement:
    names = [word.text.partition("=")[0] for word in rest]
    if any(name in ("--part-path-prefix", "--parallel-duration", "--merge-parts") for name in names):
        return change("logcli query writes its parts to files")
    return follows() if any(name in ("-t", "--tail", "-f") for name in names) else READ


RULES: dict[str, Rule] = {
    "promtool": verbs(
        "promtool",
        "check config, check rules, check metrics, check web-config, check service-discovery, check"
        " healthy, check ready, query instant, query range, query series, query labels, query"
        " analyze, test rules, tsdb list, tsdb analyze",
        before=grammar("--version", "--http.config.file", stops=True),
        refused="--junit",
    ),
    "amtool": verbs(
        "amtool",
        "alert query, config show, config routes, config routes show, config routes test, check-config, cluster show,"
        " silence query",
        special={"silence": _silence, "alert add": lambda call, rest: change("amtool alert add raises an alert")},
        before=grammar("--version -v --verbose", "--alertmanager.url -o --output --timeout", stops=True),
    ),
    "logcli": verbs(
        "logcli",
        "labels, series, fmt, stats, volume, volume_range",
        special={"query": _logs, "instant-query": _logs},
        refused="--cpuprofile --memprofile",
        before=grammar("-q --quiet", "--addr --username --org-id -o --output --timezone", stops=True),
    ),
}
"""By name."""
