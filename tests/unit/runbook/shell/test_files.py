"""Which files below its folder a script would run."""

import pytest

from oncall_tui.runbook.shell.files import files_in


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("./rollback.sh", ["./rollback.sh"]),
        ("scripts/rollback --to v1", ["scripts/rollback"]),
        ("bash scripts/x.sh prod", ["scripts/x.sh", "prod"]),
        ("bash -e rollback", ["rollback"]),
        (". env/prod && source ./other", ["env/prod", "./other"]),
        ("python3 'tools/fix.py' --all", ["tools/fix.py"]),
        ("psql -f fix.sql", ["fix.sql"]),
        ("sudo -u app ./fix.sh | tee log", ["./fix.sh"]),
        ('A=b/c timeout 60 "scripts/x.sh"', ["scripts/x.sh"]),
        ("for one in a b; do ./x.py $one; done; echo $(./y.sh)", ["./x.py", "./y.sh"]),
        ("kubectl get pods -n prod -o json", []),
        ("/usr/bin/env ls", []),
        ('"./$name.sh"', []),
        ("bash -c './x.sh now'", []),
        ("if ./x.sh; then", ["./x.sh"]),
        ("", []),
    ],
)
def test_what_is_run_is_found_and_what_is_put_together_is_not_guessed(text: str, run: list[str]) -> None:
    assert [one.path for one in files_in(text) if one.is_run] == run


def test_an_argument_with_a_folder_may_be_a_script() -> None:
    assert [tuple(one) for one in files_in("nohup ./deploy ./data/log; ./deploy")] == [
        ("./deploy", True),
        ("./data/log", False),
    ]


def test_a_step_that_names_very_many_is_not_followed_for_ever() -> None:
    assert len(files_in("\n".join(f"./s{number}.sh" for number in range(200)))) == 32
