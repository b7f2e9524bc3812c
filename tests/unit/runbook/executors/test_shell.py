"""Shell steps: what they get, what they leave, what is told of them. Every one is a real bash."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from oncall_tui.runbook.execution import Altered, Ending, Stream
from oncall_tui.runbook.executors.place import Place
from oncall_tui.runbook.executors.shell import ShellExecutor
from tests.unit.runbook.executors.steps import Heard, begun, place, run, shell


@pytest.fixture
def executor(tmp_path: Path) -> ShellExecutor:
    return ShellExecutor(place(tmp_path))


async def test_outputs_are_told_apart_as_they_come(executor: ShellExecutor, tmp_path: Path) -> None:
    heard = Heard()
    executed = await run(executor, shell("echo out; echo err >&2; exit 3", tmp_path), heard)
    assert executed.ending is Ending.EXITED
    assert (executed.exit, executed.signal) == (3, None)
    assert (executed.stdout, executed.stderr, executed.plain) == ("out\n", "err\n", "out\n")
    assert {(one.stream, one.text) for one in heard.chunks} == {(Stream.OUT, "out\n"), (Stream.ERR, "err\n")}
    assert executed.pid
    assert executed.took_s > 0


async def test_output_is_heard_while_it_runs(executor: ShellExecutor, tmp_path: Path) -> None:
    heard = Heard()
    gate = tmp_path / "gate"
    running = await begun(
        executor, shell("echo first; until [[ -e gate ]]; do sleep 0.02; done; echo last", tmp_path), heard
    )
    await heard.until("first")
    assert "last" not in heard.text
    gate.touch()
    assert (await running.ended()).stdout == "first\nlast\n"


async def test_what_was_altered_after_the_dialog_does_not_start(executor: ShellExecutor, tmp_path: Path) -> None:
    shown = shell("echo harmless", tmp_path)
    with pytest.raises(Altered):
        await executor.start(shell("touch effect", tmp_path), shown.digest, Heard())
    assert not (tmp_path / "effect").exists()


async def test_native_steps_stop_at_the_first_error_and_at_names_without_a_value(
    executor: ShellExecutor, tmp_path: Path
) -> None:
    failed = await run(executor, shell("false; touch effect", tmp_path))
    piped = await run(executor, shell("false | true; touch effect", tmp_path))
    unset = await run(executor, shell('echo "$nowhere"; touch effect', tmp_path))
    assert [one.exit for one in (failed, piped, unset)] == [1, 1, 1]
    assert not (tmp_path / "effect").exists()


async def test_imported_steps_go_on_after_an_error_and_stop_at_names_without_a_value(
    executor: ShellExecutor, tmp_path: Path
) -> None:
    went_on = await run(executor, shell("false; echo on", tmp_path, is_strict=False))
    unset = await run(executor, shell('echo "$nowhere"; touch effect', tmp_path, is_strict=False))
    assert went_on.stdout == "on\n"
    assert unset.exit != 0
    assert "nowhere: unbound variable" in unset.stderr
    assert not (tmp_path / "effect").exists()


async def test_lines_are_numbered_as_the_runbook_has_them(executor: ShellExecutor, tmp_path: Path) -> None:
    executed = await run(executor, shell("true\nnot-a-program", tmp_path, is_strict=False))
    assert "line 2: not-a-program: command not found" in executed.stderr


async def test_it_reads_nothing_and_has_no_terminal(executor: ShellExecutor, tmp_path: Path) -> None:
    executed = await run(
        executor, shell("cat; if [[ -t 0 ]] || (: </dev/tty) 2>/dev/null; then echo terminal; fi", tmp_path)
    )
    assert (executed.exit, executed.stdout) == (0, "")


async def test_nothing_of_bash_that_runs_by_itself_is_inherited(tmp_path: Path) -> None:
    evil = tmp_path / "evil"
    evil.write_text("touch effect\n")
    (tmp_path / ".bashrc").write_text("touch effect\n")
    given = place(tmp_path)
    environ = {
        **given.environ,
        "BASH_ENV": str(evil),
        "ENV": str(evil),
        "BASH_FUNC_ls%%": "() { touch effect; }",
        "SHELLOPTS": "xtrace",
        "PS4": "$(touch effect)",
    }
    executor = ShellExecutor(place(tmp_path, environ=environ))
    executed = await run(executor, shell("ls >/dev/null; echo $-", tmp_path))
    assert not (tmp_path / "effect").exists()
    assert "x" not in executed.stdout
    assert executed.stderr == ""


async def test_the_tools_tokens_are_not_in_its_environment(tmp_path: Path) -> None:
    given = place(tmp_path)
    environ = {**given.environ, "PD_TOKEN": "verysecret", "MINE": "kept"}
    executor = ShellExecutor(place(tmp_path, environ=environ, withheld=("PD_TOKEN",)))
    executed = await run(executor, shell("env", tmp_path))
    assert "MINE=kept" in executed.stdout
    assert "verysecret" not in executed.stdout
    assert "PD_TOKEN" not in executed.stdout


async def test_a_secret_reaches_the_step_and_neither_the_screen_nor_the_disk(
    executor: ShellExecutor, tmp_path: Path
) -> None:
    heard = Heard()
    body = 'echo "$key" | tr a-z A-Z; echo "key=$key"; echo "$key" >&2'
    executed = await run(
        executor, shell(body, tmp_path, values={"key": "swordfish9"}, secrets=frozenset({"key"})), heard
    )
    assert "SWORDFISH9" in executed.stdout
    assert executed.output_file is not None
    for seen in (heard.text, executed.stdout, executed.stderr, executed.output_file.read_text(), repr(executed)):
        assert "swordfish9" not in seen


async def test_output_that_is_not_kept_is_shown_and_not_written(executor: ShellExecutor, tmp_path: Path) -> None:
    executed = await run(executor, shell("echo credentials", tmp_path, keeps_output=False))
    assert (executed.stdout, executed.output_file) == ("credentials\n", None)
    assert not (tmp_path / "outputs").exists()


async def test_the_script_is_private_and_gone_afterwards(executor: ShellExecutor, tmp_path: Path) -> None:
    executed = await run(executor, shell('stat -c %a "$0" "${0%/*}"', tmp_path))
    assert executed.stdout == "600\n700\n"
    assert list((tmp_path / "scratch").iterdir()) == []
    assert stat.S_IMODE((tmp_path / "scratch").stat().st_mode) == 0o700


async def test_a_folder_that_is_not_there_is_told(executor: ShellExecutor, tmp_path: Path) -> None:
    executed = await run(executor, shell("touch effect", tmp_path / "gone"))
    assert executed.ending is Ending.FAILED_TO_START
    assert str(tmp_path / "gone") in executed.reason
    assert "`cwd`" in executed.reason


async def test_a_machine_without_bash_is_told(tmp_path: Path) -> None:
    executed = await run(ShellExecutor(place(tmp_path, environ={"PATH": str(tmp_path)})), shell("true", tmp_path))
    assert executed.ending is Ending.FAILED_TO_START
    assert "no bash" in executed.reason


async def test_the_path_of_stand_ins_needs_no_bash_on_it(tmp_path: Path) -> None:
    given: Place = place(tmp_path)
    stand_ins = tmp_path / "bin"
    stand_ins.mkdir()
    executor = ShellExecutor(
        place(tmp_path, environ={"PATH": str(stand_ins), "HOME": ""}, program_path=given.environ["PATH"])
    )
    executed = await run(executor, shell("echo $PATH; export A=b", tmp_path))
    assert executed.stdout == f"{stand_ins}\n"
    assert executed.left_behind == {"A": "b"}


async def test_a_step_that_needs_a_terminal_is_not_started_without(executor: ShellExecutor, tmp_path: Path) -> None:
    executed = await run(executor, shell("touch effect", tmp_path, needs_terminal=True))
    assert executed.ending is Ending.FAILED_TO_START
    assert not (tmp_path / "effect").exists()


@pytest.mark.parametrize("name", ["PATH", "LD_PRELOAD", "BASH_ENV", "a-b", "a=b", "BASH_FUNC_ls%%"])
async def test_a_value_under_a_name_that_steers_starts_nothing(
    executor: ShellExecutor, tmp_path: Path, name: str
) -> None:
    executed = await run(executor, shell("touch effect", tmp_path, values={name: "x"}))
    assert executed.ending is Ending.FAILED_TO_START
    assert not (tmp_path / "effect").exists()


async def test_what_it_exports_and_where_it_ends_goes_on_to_the_next(executor: ShellExecutor, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    body = (
        "export NS=prod POD='a b\n\"c'; LOCAL=1; cd deep; export PATH=/evil:$PATH LD_PRELOAD= PGOPTIONS=x service=other"
    )
    first = await run(executor, shell(body, tmp_path, values={"service": "api"}))
    assert first.left_behind == {"NS": "prod", "POD": 'a b\n"c'}
    assert first.left_cwd == tmp_path / "deep"
    second = await run(executor, shell('printf %s "$NS/$POD"; pwd >&2', tmp_path / "deep", carried=first.left_behind))
    assert second.plain == 'prod/a b\n"c'
    assert second.stderr == f"{tmp_path}/deep\n"
    assert second.left_behind == {}


async def test_an_imported_step_leaves_what_it_did_not_export_as_well(executor: ShellExecutor, tmp_path: Path) -> None:
    executed = await run(executor, shell("NS=prod\nPOD=$(echo web-1)", tmp_path, is_strict=False))
    assert executed.left_behind == {"NS": "prod", "POD": "web-1"}


async def test_a_step_that_fails_leaves_nothing(executor: ShellExecutor, tmp_path: Path) -> None:
    executed = await run(executor, shell("export NS=prod; exit 1", tmp_path))
    assert (executed.left_behind, executed.left_cwd) == ({}, None)


async def test_a_secret_is_not_left_whatever_it_is_called(executor: ShellExecutor, tmp_path: Path) -> None:
    body = 'export COPY="x$key" FREE=1'
    executed = await run(executor, shell(body, tmp_path, values={"key": "swordfish9"}, secrets=frozenset({"key"})))
    assert executed.left_behind == {"FREE": "1"}


async def test_an_exit_code_survives_what_is_carried(executor: ShellExecutor, tmp_path: Path) -> None:
    assert (await run(executor, shell("(exit 7)", tmp_path))).exit == 7
    assert (await run(executor, shell("trap 'echo mine' EXIT; export A=b", tmp_path))).stdout == "mine\n"


async def test_a_signal_that_ends_it_is_told(executor: ShellExecutor, tmp_path: Path) -> None:
    executed = await run(executor, shell("kill -KILL $$", tmp_path))
    assert (executed.ending, executed.exit, executed.signal) == (Ending.EXITED, None, 9)


async def test_a_timeout_of_seconds_is_told_in_words(executor: ShellExecutor, tmp_path: Path) -> None:
    executed = await run(executor, shell("sleep 30", tmp_path, timeout=timedelta(milliseconds=200)))
    assert executed.ending is Ending.TIMED_OUT
    assert "0.2 s" in executed.reason
    assert "effects are unknown" in executed.reason
