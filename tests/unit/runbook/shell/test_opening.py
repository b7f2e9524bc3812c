"""Commands behind which a page shows another machine's prompt."""

import pytest

from oncall_tui.runbook.shell.opening import opened_by
from oncall_tui.runbook.shell.syntax import script_of


@pytest.mark.parametrize(
    ("text", "program"),
    [
        ("ssh node-7", "ssh"),
        ("ssh -p 22 -i key core@node", "ssh"),
        ("sudo ssh node", "ssh"),
        ("oc -n x rsh pod", "oc"),
        ("oc debug node/n1", "oc"),
        ("oc debug node/n1 -- chroot /host bash", "oc"),
        ("kubectl exec -it pod -- /bin/bash", "kubectl"),
        ("kubectl run -it --rm t --image=x -- sh", "kubectl"),
        ("docker exec -it db bash", "docker"),
        ("sudo -i", "sudo"),
        ("su - postgres", "su"),
        ("bash", "bash"),
        ("psql -h db app", "psql"),
        ("redis-cli -h r", "redis-cli"),
        ("mysql -u root", "mysql"),
        ("chroot /host", "chroot"),
        ("cd /x && ssh node", "ssh"),
    ],
)
def test_it_opens_one(text: str, program: str) -> None:
    assert opened_by(script_of(text)) == program


@pytest.mark.parametrize(
    "text",
    [
        "ssh node uptime",
        "ssh -p 22 node uptime",
        "ssh node <<EOF\nls\nEOF",
        "oc rsh pod cat /etc/hosts x",
        "oc debug node/n1 -- cat /etc/hosts",
        "kubectl exec pod -- ls",
        "kubectl get pods",
        "docker exec db ls",
        "sudo systemctl restart x",
        "su - postgres -c ls",
        "bash script.sh",
        "psql -c 'SELECT 1'",
        "redis-cli INFO",
        "redis-cli -h r DBSIZE",
        "mysql -e x",
        "python3 x.py",
        "echo ls | ssh node",
        "",
    ],
)
def test_it_opens_none(text: str) -> None:
    assert opened_by(script_of(text)) == ""
