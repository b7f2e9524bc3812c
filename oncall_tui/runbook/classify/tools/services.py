"""systemd's tools: units, logs, sessions and clocks (systemctl(1), journalctl(1) and their neighbours)."""

import re

from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.names import names
from oncall_tui.runbook.classify.options import Scanned, grammar, scan
from oncall_tui.runbook.classify.tools.verbs import Verbs, verbs
from oncall_tui.runbook.classify.verdict import READ, change, destroy, follows, reveals, shown
from oncall_tui.runbook.classify.words import HOLE
from oncall_tui.runbook.danger import Judgement

_SYSTEMCTL = grammar(
    "-l --full -a --all --no-pager --no-legend --plain -q --quiet --failed --user --system"
    " --value -r --reverse --recursive --show-types --version --after --before --no-ask-password",
    "-t --type --state -p -P --property -n --lines -o --output -M --machine -H --host",
    joined="--legend --timestamp",
)
_UNIT_READS = names(
    """
    status show cat list-units list-unit-files list-timers list-sockets list-dependencies list-jobs
    list-machines list-paths list-automounts is-active is-enabled is-failed is-system-running get-default
    """
)
_UNIT_LOSSES = names(
    """
    poweroff reboot halt kexec rescue emergency soft-reboot isolate kill
    """
)


def _systemctl(call: Call) -> Judgement:
    """``systemctl``: what shows units and lists them. Options stand before and behind the verb."""
    verb = next((word.text for word in call.words if not word.text.startswith("-")), "list-units")
    if verb in _UNIT_LOSSES:
        return destroy(f"systemctl {verb} ends what runs")
    found = scan(call, _SYSTEMCTL)
    if not found.operands:
        return READ
    if verb == "show-environment" or (verb == "show" and _shows_environment(found)):
        return reveals(f"systemctl {verb} prints environments, which hold credentials")
    if not found.operands[0].is_literal or found.operands[0].text not in _UNIT_READS:
        return change(f"systemctl {shown(verb)} is not on the list of what reads")
    return READ


def _shows_environment(found: Scanned) -> bool:
    """``systemctl show`` prints every property unless some are named, that with the environment among them."""
    asked = [value.text for value in found.values("-p", "-P", "--property")]
    return not asked or any("Environment" in names or HOLE in names for names in asked)


_JOURNAL = grammar(
    "-f --follow -e --pager-end -x --catalog -k --dmesg -r --reverse --no-pager -a --all -l"
    " --full -q --quiet -m --merge --list-boots --disk-usage --no-hostname --no-full --utc"
    " --user --system --header --no-tail -N --fields",
    "-u --unit --user-unit -t --identifier -p --priority -o --output -S --since -U --until -g --grep -F --field -D"
    " --directory -M --machine --facility -c --cursor --after-cursor -T --exclude-identifier --output-fields --file",
    joined="-n --lines -b --boot --case-sensitive --truncate-newline",
)


def _journalctl(call: Call) -> Judgement:
    """``journalctl``: reads, but for what rotates, removes and seals, which is not listed."""
    words = [word for word in call.words if not re.fullmatch(r"[-+]?[0-9]+", word.text)]  # The values of -n and -b.
    found = scan(Call(call.name, tuple(words), call.inner), _JOURNAL)
    return follows() if found.has("-f", "--follow") else READ


_PLAIN = grammar(
    "--no-pager --no-legend -a --all -l --full --version -q", "-n --lines -o --output -p --property", stops=True
)


def _verbs(name: str, reading: str, refused: str = "") -> Verbs:
    return verbs(name, reading, before=_PLAIN, bare=READ, refused=refused)


RULES: dict[str, Rule] = {
    "systemctl": _systemctl,
    "journalctl": _journalctl,
    "loginctl": _verbs(
        "loginctl",
        "list-sessions, session-status, show-session, list-users, user-status, show-user, list-seats, seat-status",
    ),
    "timedatectl": _verbs("timedatectl", "status, show, list-timezones, timesync-status, show-timesync"),
    "localectl": _verbs("localectl", "status, list-locales, list-keymaps"),
    "networkctl": _verbs("networkctl", "list, status, lldp"),
    "resolvectl": _verbs("resolvectl", "status, query, statistics, show-cache"),
    "coredumpctl": _verbs("coredumpctl", "list, info"),
    "machinectl": _verbs("machinectl", "list, status, show, image-status, list-images"),
    "systemd-analyze": _verbs(
        "systemd-analyze",
        "time, blame, critical-chain, dot, unit-paths, timespan, calendar, verify, security",
        refused="--generators",
    ),
    "supervisorctl": verbs("supervisorctl", "status, avail, pid, version, maintail", "shutdown", before=_PLAIN),
    "rabbitmqctl": verbs(
        "rabbitmqctl",
        "status, cluster_status, list_queues, list_exchanges, list_bindings, list_connections, list_channels,"
        " list_consumers, list_vhosts, list_users, list_permissions, list_policies, ping, version",
        revealing="report, environment, export_definitions, list_parameters, list_global_parameters, eval",
        destroying="reset, force_reset, delete_queue, purge_queue, close_connection, close_all_connections,"
        " delete_vhost, delete_user, forget_cluster_node, stop",
        before=grammar("-q --quiet -s --silent", "-n --node -p --vhost -t --timeout", stops=True),
    ),
}
"""By name."""
