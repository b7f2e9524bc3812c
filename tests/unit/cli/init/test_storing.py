"""Where typed tokens go."""

import stat
from pathlib import Path
from typing import Any

import pytest

from oncall_tui.cli.init.storing import DesktopKeyring, Kept, NotKept, export_lines, kept
from oncall_tui.config.secrets import resolve
from tests.unit.cli.init.fakes import OTHER, TOKEN, FakeKeyring, ScriptedKeys, desk, typed

TWO = (typed("pagerduty"), typed("sentry", OTHER))
FILE, VARIABLE = "a private file of yours (mode 0600)", "an environment variable that you set"


def references(outcome: Kept) -> list[str | None]:
    return [source.settings.token for source in outcome.sources]


def test_the_keyring_comes_first() -> None:
    keyring = FakeKeyring()
    keys = ScriptedKeys("")
    outcome = kept(desk(keys), TWO, Path("/nowhere"), keyring)
    assert references(outcome) == ["keyring:oncall-tui/pagerduty", "keyring:oncall-tui/sentry"]
    assert keyring.tokens == {"pagerduty": TOKEN, "sentry": OTHER}
    assert keys.shown == ["Where shall the 2 tokens be kept?"]


def test_another_token_in_the_keyring_is_replaced_only_on_a_word() -> None:
    keyring = FakeKeyring({"pagerduty": "somebody else's", "pagerduty-2": "taken"})
    outcome = kept(desk(ScriptedKeys("", "n")), TWO[:1], Path("/nowhere"), keyring)
    assert references(outcome) == ["keyring:oncall-tui/pagerduty-3"]
    assert keyring.tokens["pagerduty"] == "somebody else's"
    kept(desk(ScriptedKeys("", "y")), TWO[:1], Path("/nowhere"), keyring)
    assert keyring.tokens["pagerduty"] == TOKEN


def test_a_keyring_that_refuses_is_said_and_left_out(tmp_path: Path) -> None:
    keys = ScriptedKeys("", "")
    outcome = kept(desk(keys), TWO[:1], tmp_path, FakeKeyring(refusal="It is locked."))
    assert references(outcome) == [f"file:{tmp_path}/pagerduty.token"]
    assert "It is locked." in keys.shown


def test_without_a_keyring_it_is_said_and_a_private_file_proposed(tmp_path: Path) -> None:
    keys = ScriptedKeys("")
    outcome = kept(desk(keys), TWO, tmp_path / "new", FakeKeyring(missing="There is none."))
    path = tmp_path / "new" / "pagerduty.token"
    assert keys.shown[0] == "There is none."
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    found = [resolve(one or "", environ={}).reveal() for one in references(outcome)]
    assert found == [TOKEN, OTHER]


def test_a_token_file_that_is_there_is_kept_unless_one_says_so(tmp_path: Path) -> None:
    (tmp_path / "pagerduty.token").write_text("old")
    outcome = kept(desk(ScriptedKeys(FILE, "n")), TWO[:1], tmp_path, FakeKeyring())
    assert references(outcome) == [f"file:{tmp_path}/pagerduty-2.token"]
    assert (tmp_path / "pagerduty.token").read_text() == "old"


def test_a_folder_that_takes_no_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    keys = ScriptedKeys(FILE, VARIABLE)
    outcome = kept(desk(keys), TWO[:1], tmp_path / "file" / "folder", FakeKeyring())
    assert references(outcome) == ["env:PAGERDUTY_TOKEN"]
    assert any("cannot be written" in one for one in keys.shown)


def test_the_environment_holds_them_when_the_user_says_so(tmp_path: Path) -> None:
    outcome = kept(desk(ScriptedKeys(VARIABLE)), TWO, tmp_path, FakeKeyring())
    assert outcome.variables == ("PAGERDUTY_TOKEN", "SENTRY_TOKEN")
    assert list(tmp_path.iterdir()) == []
    assert export_lines(outcome.variables[:1]) == ["read -rs PAGERDUTY_TOKEN && export PAGERDUTY_TOKEN"]


def test_nothing_is_asked_where_nothing_was_typed() -> None:
    assert kept(desk(ScriptedKeys()), (), Path("/nowhere"), FakeKeyring()) == Kept(())


class TestTheKeyringOfTheDesktop:
    @pytest.fixture
    def backend(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        import keyring
        from keyring.backend import KeyringBackend

        class Backend(KeyringBackend):
            priority = 5
            tokens: dict[tuple[str, str], str] = {}
            is_deaf = False

            def get_password(self, service: str, username: str) -> str | None:
                return None if self.is_deaf else self.tokens.get((service, username))

            def set_password(self, service: str, username: str, password: str) -> None:
                self.tokens[service, username] = password

        backend = Backend()  # type: ignore[no-untyped-call]
        monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
        return backend

    def test_what_is_put_is_read_back(self, backend: Any) -> None:
        keyring = DesktopKeyring()
        assert keyring.absence() == ""
        keyring.put("pagerduty", TOKEN)
        assert backend.tokens == {("oncall-tui", "pagerduty"): TOKEN}
        assert resolve("keyring:oncall-tui/pagerduty", environ={}).reveal() == TOKEN

    def test_one_that_swallows_is_found_out(self, backend: Any) -> None:
        backend.is_deaf = True
        with pytest.raises(NotKept, match="does not give it back"):
            DesktopKeyring().put("pagerduty", TOKEN)

    def test_one_that_breaks_in_its_own_way_is_left_out(self, backend: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        class DBusErrorResponse(Exception):
            """What the library of a plug-in raises."""

        def fail(*_words: str) -> None:
            raise DBusErrorResponse(TOKEN)

        monkeypatch.setattr(backend, "get_password", fail)
        monkeypatch.setattr(backend, "set_password", fail)
        assert DesktopKeyring().get("pagerduty") is None
        with pytest.raises(NotKept, match=r"does not take it: DBusErrorResponse\.$"):
            DesktopKeyring().put("pagerduty", TOKEN)

    def test_a_machine_without_one_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import keyring
        from keyring.backends import fail

        monkeypatch.setattr(keyring.core, "_keyring_backend", fail.Keyring())  # type: ignore[no-untyped-call]
        assert DesktopKeyring().absence().startswith("There is no keyring on this machine")
        assert DesktopKeyring().get("pagerduty") is None
        with pytest.raises(NotKept, match="does not take it"):
            DesktopKeyring().put("pagerduty", TOKEN)
