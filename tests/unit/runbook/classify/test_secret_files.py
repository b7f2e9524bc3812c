"""Files and answers that hold credentials: told apart by their names, and not taken for what only looks like them."""

import pytest

from oncall_tui.runbook.classify import judge
from oncall_tui.runbook.classify.answers import answers_credentials, query_hides, template_hides
from oncall_tui.runbook.classify.secret_files import holds_credentials
from oncall_tui.runbook.classify.words import Sure, Word
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.execution import Kind


@pytest.mark.parametrize(
    "path",
    [
        "/etc//shadow", "/etc/./shadow", "../../etc/shadow", "shadow-", "\0/.aws/credentials", ".env.local", "a/b/.env",
        "deploy_key.pem", "id_ed25519_sk", "work_id_rsa", "SECRETS.YAML", "/var/run/secrets/a/b", "/proc/*/environ",
        "/etc/s*", ".e*", "id_*", "db-credentials.json", "api_key.txt",
    ],
)  # fmt: skip
def test_a_file_with_credentials_is_known_by_its_name(path: str) -> None:
    assert holds_credentials(path)


@pytest.mark.parametrize(
    "path",
    [
        "", ".", "/", "*", "*.log", "/var/log/*.log", "ca.pem", "fullchain.pem", "id_rsa.pub", "/home/x/.ssh/config",
        "/home/x/.ssh/known_hosts", ".env.example", "environment.md", "tokenizer.py", "secretary.txt", "keyboard.txt",
        "/etc/hosts", "/proc/1/status", "monkey", "app.log", "/etc/passwd",
    ],
)  # fmt: skip
def test_another_one_is_not(path: str) -> None:
    assert not holds_credentials(path)


@pytest.mark.parametrize(
    "body",
    [
        "find / -name id_rsa | while read -r f; do cat \"$f\"; done",
        "ls ~/.ssh/; cat \"$1\"",
        "x=~/.pgpass\ncat $x",
        "if true; then sudo -u root head -1 /etc/shadow; fi",
    ],
)  # fmt: skip
def test_what_is_printed_by_way_of_a_variable_is_not_kept_either(body: str) -> None:
    judged = judge(Kind.SHELL, body)
    assert judged.danger is Danger.CHANGE
    assert not judged.keeps_output


def test_a_file_that_nothing_is_said_of_is_just_read() -> None:
    assert judge(Kind.SHELL, 'cat "$log"; ls /var/log').danger is Danger.READ
    assert judge(Kind.SHELL, 'kubectl get secrets | grep "$name"').danger is Danger.READ


def test_what_destroys_a_secret_still_destroys_and_keeps_what_it_says() -> None:
    judged = judge(Kind.SHELL, "kubectl delete secret db")
    assert judged.danger is Danger.DESTROY
    assert judged.keeps_output


@pytest.mark.parametrize(
    ("template", "hides"),
    [
        ("{{.State.Status}}", True),
        ("{{ .Name }} {{json .State.Health}}", True),
        ("{{.Config.Labels}}", True),
        ("{{json .}}", False),
        ("{{.Config}}", False),
        ("{{with .Config}}{{.Env}}{{end}}", False),
        ("{{index .Config.Env 0}}", False),
        ("{{.Spec.TaskTemplate.ContainerSpec}}", False),
        ("json", False),
        ("", False),
    ],
)
def test_a_template_of_docker_hides_the_environment_or_not(template: str, hides: bool) -> None:
    assert template_hides(Word(template)) is hides
    assert not template_hides(None)
    assert not template_hides(Word("{{.State}}\0", Sure.VALUE))


@pytest.mark.parametrize(
    ("query", "hides"),
    [
        ("State", True),
        ("Configuration.State", True),
        ("Functions[].[FunctionName, Runtime]", True),
        ("Functions[?Runtime=='python3.9'].FunctionName", True),
        ("{n: FunctionName, r: Runtime}", True),
        ("Functions[]", False),
        ("Functions[*]", False),
        ("Configuration", False),
        ("Environment.Variables", False),
        ("@", False),
        ("*", False),
        ("taskDefinition.containerDefinitions[0].environment", False),
        ("taskDefinition.containerDefinitions[].secrets", False),
    ],
)
def test_a_query_hides_environments_or_not(query: str, hides: bool) -> None:
    assert query_hides([Word(query)]) is hides
    assert not query_hides([])
    assert not query_hides([Word("State"), Word("State")])


def test_an_address_of_the_cloud_or_of_a_vault_answers_with_credentials() -> None:
    assert answers_credentials("http://169.254.169.254/latest/meta-data/iam/security-credentials/x")
    assert answers_credentials("https://vault:8200/v1/secret/data/db")
    assert not answers_credentials("http://169.254.169.254/latest/meta-data/instance-id")
    assert not answers_credentials("http://prometheus:9090/api/v1/query?query=up")
    asked = judge(Kind.HTTP, "GET {{vault}}/v1/secret/data/db\nX-Vault-Token: x\n")
    assert (asked.danger, asked.keeps_output) == (Danger.CHANGE, False)
