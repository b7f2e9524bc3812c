"""Variables of a script: set, free, quoted, read as code."""

import pytest

from oncall_tui.runbook.shell.syntax import script_of
from oncall_tui.runbook.shell.variables import Reference, variables_of


def free(text: str) -> list[str]:
    return [one.name for one in variables_of(script_of(text)).free]


def only(text: str, name: str = "x") -> Reference:
    (found,) = (one for one in variables_of(script_of(text)).all if one.name == name)
    return found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('echo "$a" ${b} "${c[0]}" $((d + 1)) e=$f', ["a", "b", "c", "d", "f"]),
        ("a=1; echo $a", []),
        ("echo $a; a=1", ["a"]),
        ("a=$a; echo $a", ["a"]),
        ("export a=1 b; echo $a $b", ["b"]),
        ("for i in $list; do echo $i; done", ["list"]),
        ("while read -r line; do echo $line; done < $file", ["file"]),
        ("printf -v out x; mapfile -t rows < y; echo $out ${rows[0]}", []),
        ("a=1 tool; echo $a", ["a"]),
        ("arr[$i]=3; echo ${arr[$i]}", ["i", "i"]),
        ("echo '$a' \\$b", []),
        ("echo $1 $? $@ $#", []),
        ("pod=$(kubectl get pod -n $ns)", ["ns"]),
        ("cat <<EOF\n$a\nEOF\ncat <<'EOF'\n$b\nEOF", ["a"]),
        ("unset a", []),
    ],
)
def test_what_is_named_before_it_is_set(text: str, names: list[str]) -> None:
    assert free(text) == names


def test_what_is_set() -> None:
    script = script_of("a=1; export b=2; for c in 1; do :; done; read -r d; e=3 tool; local f=4")
    assert variables_of(script).set == {"a", "b", "c", "d", "f"}


@pytest.mark.parametrize(
    ("text", "is_quoted"),
    [
        ('ls "$x"', True),
        ("ls $x", False),
        ("ls a$x", False),
        ("a=$x", True),
        ("a=b$x", True),
        ("a=(b $x)", False),
        ("[[ $x == y ]]", True),
        ("[ $x = y ]", False),
        ("case $x in a) ;; esac", True),
        ("echo $((x + 1))", True),
        ("cat <<EOF\n$x\nEOF", True),
        ("ls $(echo $x)", False),
        ('ls "$(echo "$x")"', True),
        ("ls > $x", False),
    ],
)
def test_whether_the_shell_keeps_it_one_word(text: str, is_quoted: bool) -> None:
    assert only(text).is_quoted is is_quoted


@pytest.mark.parametrize("text", ["${x:-a}", "${x-a}", "${x:=a}", "${x:+a}"])
def test_a_default_means_it_may_be_missing(text: str) -> None:
    assert only(f"echo {text}").has_default


@pytest.mark.parametrize("text", ["${x}", "${x:?must}", "${x%y}", "${#x}", "${x/a/b}"])
def test_without_a_default_it_must_be_there(text: str) -> None:
    assert not only(f"echo {text}").has_default


@pytest.mark.parametrize(
    ("text", "reader"),
    [
        ('bash -c "ls $x"', "bash"),
        ('sudo -u me bash -lc "ls $x"', "bash"),
        ('/bin/sh -c "$x"', "sh"),
        ("eval $x", "eval"),
        ('ssh host "ls $x"', "ssh"),
        ('ssh -p 22 host "ls $x"', "ssh"),
        ('kubectl exec pod -- sh -c "ls $x"', "sh"),
        ('echo "ls $x" | bash', "bash"),
        ('echo "$x" | sudo bash -s', "bash"),
        ("bash <<EOF\nls $x\nEOF", "bash"),
        ("ssh host <<EOF\nls $x\nEOF", "ssh"),
        ('bash <<< "$x"', "bash"),
        ('psql -c "SELECT $x"', "psql"),
        ('mysql -e "$x"', "mysql"),
        ('awk "{print $x}" f', "awk"),
        ('sed -e "s/a/$x/" f', "sed"),
        ('python3 -c "print($x)"', "python3"),
        ('trap "rm $x" EXIT', "trap"),
        ('find . -name y | xargs sh -c "ls $x"', "sh"),
        ('echo "$x" | xargs -n1 bash', "bash"),
        ('printf %s "$x" | redis-cli', "redis-cli"),
        ('bash -c "$(echo $x)"', "bash"),
        ("cat <<EOF | bash\nls $x\nEOF", "bash"),
        ("cat <<EOF | sudo -u me psql -d y\nSELECT $x\nEOF", "psql"),
        ('runuser -l me -c "ls $x"', "runuser"),
        ('flock lock -c "ls $x"', "flock"),
        ('env -S "ls $x"', "env"),
        ('at now <<< "ls $x"', "at"),
        ('tar xf y --to-command="$x"', "tar"),
        ('redis-cli EVAL "$x" 0', "redis-cli"),
        ('clickhouse-client --query "SELECT $x"', "clickhouse-client"),
        ("sqlite3 file \"SELECT '$x'\"", "sqlite3"),
        ('. "$x"', "."),
    ],
)
def test_a_value_that_would_be_program_text(text: str, reader: str) -> None:
    assert only(text).read_by == reader


@pytest.mark.parametrize(
    "text",
    [
        'ls "$x"',
        'bash -c \'ls "$1"\' _ "$x"',
        'bash script.sh "$x"',
        'ssh "$x" uptime',
        'psql -h "$x" -c "SELECT 1"',
        "awk -v a=\"$x\" '{print a}' f",
        'sed -n 1p "$x"',
        "cat <<EOF\n$x\nEOF",
        'echo "$x" | grep y',
        'kubectl exec "$x" -- ls',
        "cat <<EOF | kubectl apply -f -\na: $x\nEOF",
        "cat <<EOF | grep y\n$x\nEOF",
        'flock -e "$x" ls',
        'sqlite3 "$x" .tables',
        'kubectl logs "$x" | sed s/a/b/',
        'redis-cli -h "$x" --scan | xargs redis-cli unlink',
        'kubectl get pods -n "$x" -o name | xargs kubectl describe',
    ],
)
def test_a_value_that_stays_a_value(text: str) -> None:
    assert only(text).read_by == ""
