"""Secrets: masked, fetched by reference, and told about without being told."""

import copy
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import pytest

from oncall_tui.config.secret_stores import read_keyring, run_command
from oncall_tui.config.secrets import Secret, SecretError, is_reference, reference_problem, resolve, shown

TOKEN = "u+Zx-secret-value"


def no_run(argv: Sequence[str], environ: Mapping[str, str]) -> "subprocess.CompletedProcess[bytes]":
    raise AssertionError(f"nothing was to be run: {argv}")


def no_keyring(service: str, user: str) -> str | None:
    raise AssertionError(f"no keyring was to be asked: {service}")


def fetch(reference: str, environ: Mapping[str, str] | None = None) -> Secret:
    return resolve(reference, environ=environ or {}, run=run_command, keyring=no_keyring)


def complaint(reference: str, environ: Mapping[str, str] | None = None) -> str:
    with pytest.raises(SecretError) as caught:
        fetch(reference, environ)
    assert TOKEN not in str(caught.value)
    assert TOKEN not in repr(caught.value.__context__)
    return str(caught.value)


def private(folder: Path, content: bytes, mode: int = 0o600) -> Path:
    path = folder / "token"
    path.write_bytes(content)
    path.chmod(mode)
    return path


class TestSecret:
    def test_it_prints_as_stars_however_it_is_printed(self) -> None:
        secret = Secret(TOKEN)
        printed = [str(secret), repr(secret), f"{secret}", f"{secret!r}", f"{[secret]}", f"{secret}"]
        assert all(TOKEN not in text and "****" in text for text in printed)

    def test_it_is_revealed_only_on_request(self) -> None:
        assert Secret(TOKEN).reveal() == TOKEN

    def test_equal_secrets_are_equal(self) -> None:
        assert Secret(TOKEN) == Secret(TOKEN)
        assert len({Secret(TOKEN), Secret(TOKEN)}) == 1
        assert Secret(TOKEN) != Secret("another")
        assert Secret("é") == Secret("é")
        assert Secret(TOKEN) != TOKEN

    def test_it_is_never_written_out(self) -> None:
        with pytest.raises(TypeError, match="never written out"):
            pickle.dumps(Secret(TOKEN))
        with pytest.raises(TypeError):
            json.dumps(Secret(TOKEN))
        with pytest.raises(TypeError):
            msgspec.json.encode(Secret(TOKEN))

    def test_a_copy_is_the_same_secret(self) -> None:
        secret = Secret(TOKEN)
        assert copy.copy(secret) is secret
        assert copy.deepcopy([secret])[0] is secret


class TestReference:
    @pytest.mark.parametrize("text", ["env:PD", "keyring:pd/me", "file:~/t", "command:pass show pd"])
    def test_the_four_forms(self, text: str) -> None:
        assert is_reference(text)
        assert reference_problem(text) == ""

    @pytest.mark.parametrize("text", ["", "env:", "u+abc", "vault:x", "ENV:PD", " env:PD"])
    def test_anything_else_is_a_literal(self, text: str) -> None:
        assert not is_reference(text)
        assert reference_problem(text) == "is not a reference"

    @pytest.mark.parametrize("text", ["env:my token", "env:1A", "keyring:pd", "keyring:/me", "keyring:pd/"])
    def test_a_form_that_leads_nowhere(self, text: str) -> None:
        assert "does not name" in reference_problem(text)

    def test_a_command_that_is_no_command(self) -> None:
        assert "cannot be split" in reference_problem("command:pass 'show")
        assert reference_problem("command: ") == "names no command"

    def test_of_a_command_only_the_program_is_shown(self) -> None:
        assert shown(f"command:curl -H {TOKEN}") == "command:curl"
        assert shown("env:PD") == "env:PD"
        assert shown(f"command:pass '{TOKEN}") == "command:"
        assert shown(TOKEN) == "a literal secret"


class TestEnvironment:
    def test_it_is_read(self) -> None:
        assert fetch("env:PD", {"PD": TOKEN}).reveal() == TOKEN

    def test_what_is_not_set_is_said_by_name(self) -> None:
        text = complaint("env:PD", {"OTHER": TOKEN})
        assert "PD is not set" in text
        assert "keyring:SERVICE/USER" in text

    @pytest.mark.parametrize("value", ["", "  ", "\n"])
    def test_nothing_is_no_secret(self, value: str) -> None:
        assert "nothing but blanks" in complaint("env:PD", {"PD": value})

    @pytest.mark.parametrize("value", [f"{TOKEN}\nX-Evil: 1", f"{TOKEN}\x00", f"\t{TOKEN}"])
    def test_a_secret_is_one_line(self, value: str) -> None:
        assert "more than one line" in complaint("env:PD", {"PD": value})

    def test_a_literal_is_refused_without_being_repeated(self) -> None:
        assert "a literal secret is not a reference" in complaint(TOKEN)


class TestFile:
    @pytest.mark.parametrize("mode", [0o600, 0o400])
    @pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n"])
    def test_a_private_file_is_read_without_its_last_newline(self, tmp_path: Path, mode: int, ending: bytes) -> None:
        path = private(tmp_path, TOKEN.encode() + ending, mode)
        assert fetch(f"file:{path}").reveal() == TOKEN

    def test_the_home_folder_is_found(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        private(tmp_path, TOKEN.encode())
        assert fetch("file:~/token").reveal() == TOKEN

    @pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o700, 0o666])
    def test_a_file_that_others_may_read_is_refused(self, tmp_path: Path, mode: int) -> None:
        path = private(tmp_path, TOKEN.encode(), mode)
        assert f"has mode {mode:04o}" in (text := complaint(f"file:{path}"))
        assert f"chmod 600 {path}" in text

    def test_a_file_of_another_user_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = private(tmp_path, TOKEN.encode())
        monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
        assert "belongs to another user" in complaint(f"file:{path}")

    def test_what_is_not_there_is_said(self, tmp_path: Path) -> None:
        assert "No such file" in complaint(f"file:{tmp_path}/none")

    def test_a_folder_and_a_pipe_are_no_secrets(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe", 0o600)
        assert "not a regular file" in complaint(f"file:{tmp_path}/pipe")
        (tmp_path / "folder").mkdir(0o700)
        assert "not a regular file" in complaint(f"file:{tmp_path}/folder")

    def test_bytes_that_are_no_text_are_not_repeated(self, tmp_path: Path) -> None:
        path = private(tmp_path, TOKEN.encode() + b"\xff")
        assert "not UTF-8" in complaint(f"file:{path}")

    def test_a_large_file_is_no_token(self, tmp_path: Path) -> None:
        assert "larger than 64 KiB" in complaint(f"file:{private(tmp_path, b'x' * 70_000)}")


class TestCommand:
    def test_what_it_prints_is_the_secret(self) -> None:
        assert fetch(f"command:{sys.executable} -c 'print(\"{TOKEN}\")'").reveal() == TOKEN

    def test_no_shell_reads_it(self) -> None:
        asked: list[Sequence[str]] = []

        def run(argv: Sequence[str], environ: Mapping[str, str]) -> "subprocess.CompletedProcess[bytes]":
            asked.append(argv)
            assert environ == {"HOME": "/home/me"}
            return subprocess.CompletedProcess(argv, 0, TOKEN.encode() + b"\n", b"")

        reference = "command:op read 'op://on call/$HOME;x'"
        assert resolve(reference, environ={"HOME": "/home/me"}, run=run, keyring=no_keyring) == Secret(TOKEN)
        assert asked == [["op", "read", "op://on call/$HOME;x"]]

    def test_of_a_failure_the_complaint_is_told_and_the_output_is_not(self) -> None:
        code = f'import sys; print("{TOKEN}"); print("locked: {TOKEN}\\x1b[31m", file=sys.stderr); sys.exit(3)'
        text = complaint(f"command:{sys.executable} -c '{code}'")
        assert "exit code 3 and said: locked: ********\ufffd[31m. Run it by hand" in text

    def test_only_the_end_of_a_long_complaint_is_told(self) -> None:
        text = complaint(f'command:{sys.executable} -c \'import sys; sys.exit("a" * 5000 + " the end")\'')
        assert "the end" in text
        assert len(text) < 600

    def test_a_program_that_is_missing_is_named(self) -> None:
        assert "command:no-such-helper cannot be started: No such file" in complaint("command:no-such-helper --get x")

    def test_one_that_hangs_is_given_up(self) -> None:
        def run(argv: Sequence[str], environ: Mapping[str, str]) -> "subprocess.CompletedProcess[bytes]":
            raise subprocess.TimeoutExpired(argv, 10, output=TOKEN.encode())

        with pytest.raises(SecretError, match="longer than 10 s") as caught:
            resolve("command:pass show pd", environ={}, run=run, keyring=no_keyring)
        assert caught.value.__context__ is None

    def test_it_gets_no_input_and_ten_seconds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        given: dict[str, object] = {}

        def run(argv: Sequence[str], **options: object) -> "subprocess.CompletedProcess[bytes]":
            given.update(options)
            return subprocess.CompletedProcess(argv, 0, b"", b"")

        monkeypatch.setattr(subprocess, "run", run)
        run_command(["pass"], {})
        assert given["stdin"] == subprocess.DEVNULL
        assert given["timeout"] == 10.0
        assert "shell" not in given


class TestKeyring:
    def test_service_and_user_are_divided_at_the_last_slash(self) -> None:
        asked: list[tuple[str, str]] = []

        def keyring(service: str, user: str) -> str | None:
            asked.append((service, user))
            return TOKEN

        found = resolve("keyring:https://pd.example/api/me@x.org", environ={}, run=no_run, keyring=keyring)
        assert found == Secret(TOKEN)
        assert asked == [("https://pd.example/api", "me@x.org")]

    def test_an_entry_that_is_missing_says_how_to_store_it(self) -> None:
        with pytest.raises(SecretError, match="keyring set pd me"):
            resolve("keyring:pd/me", environ={}, run=no_run, keyring=lambda service, user: None)

    def test_without_a_keyring_another_place_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import keyring
        from keyring.errors import NoKeyringError

        def fail(service: str, user: str) -> str:
            raise NoKeyringError("no backend")

        monkeypatch.setattr(keyring, "get_password", fail)
        with pytest.raises(SecretError, match=r"no keyring on this machine.*env:NAME, or file:PATH with mode 0600"):
            read_keyring("pd", "me")

    def test_a_locked_keyring_is_said_to_be_locked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import keyring
        from keyring.errors import KeyringLocked

        def fail(service: str, user: str) -> str:
            raise KeyringLocked("prompt dismissed")

        monkeypatch.setattr(keyring, "get_password", fail)
        with pytest.raises(SecretError, match=r"does not answer: prompt dismissed\. Unlock it"):
            read_keyring("pd", "me")

    def test_a_keyring_that_breaks_in_its_own_way_is_told_without_its_words(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import keyring

        class DBusErrorResponse(Exception):
            """What the library of a plug-in raises."""

        def fail(service: str, user: str) -> str:
            raise DBusErrorResponse(TOKEN)

        monkeypatch.setattr(keyring, "get_password", fail)
        with pytest.raises(SecretError, match=r"broke off: DBusErrorResponse\. Try `keyring get pd me`") as raised:
            read_keyring("pd", "me")
        assert TOKEN not in str(raised.value)
