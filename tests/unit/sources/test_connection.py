"""How a source reaches its host: whom it trusts, what is this machine, and that nothing of it shows a token."""

import ssl
from pathlib import Path

import pytest

from oncall_tui.config.secrets import Secret
from oncall_tui.domain.ids import SourceName
from oncall_tui.sources.connection import Connection, segment
from oncall_tui.sources.credentials import Credential, basic
from oncall_tui.sources.errors import Malformed, Unreachable
from oncall_tui.sources.tls import Trust, tls_context

TOKEN = "t0p-s3cret-t0ken"


def test_credentials_and_connections_mask_themselves() -> None:
    credential = basic("jo", Secret(TOKEN))
    assert credential.header() == "Basic am86dDBwLXMzY3JldC10MGtlbg=="
    connection = Connection(
        SourceName("x"), "https://vendor.example.com", credential=credential, headers={"X-Token": TOKEN}
    )
    for text in (repr(credential), str(credential), repr(connection)):
        assert TOKEN not in text
    assert connection.scrubbed(f"you sent {TOKEN} and {credential.header()}") == "you sent *** and Basic ***"
    assert Credential("Token token=", Secret(TOKEN)).header() == f"Token token={TOKEN}"


def test_a_missing_authority_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match=r"ca_file.*absent.pem.*No such file"):
        tls_context(Trust(tmp_path / "absent.pem"))
    empty = tmp_path / "empty.pem"
    empty.touch()
    with pytest.raises(Unreachable, match=r"ca_file.*no usable PEM"):
        tls_context(Trust(empty))
    with pytest.raises(Unreachable, match=r"client_certificate.*no usable PEM"):
        tls_context(Trust(None, empty))


def test_the_context_is_built_once_and_checks_names() -> None:
    context = tls_context(Trust())
    assert tls_context(Trust()) is context
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_an_id_cannot_climb_out_of_its_path() -> None:
    assert segment("a/../b?c#d") == "a%2F..%2Fb%3Fc%23d"
    for bad in ("", ".", ".."):
        with pytest.raises(Malformed):
            segment(bad)


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("http://localhost:1", True),
        ("http://LOCALHOST./x", True),
        ("http://127.8.9.1/", True),
        ("http://[::1]:9090", True),
        ("http://localhost.evil.example.com", False),
        ("http://127.0.0.1.evil.example.com", False),
        ("http://0.0.0.0", False),
    ],
)
def test_loopback_is_told_from_names_that_look_like_it(url: str, is_here: bool) -> None:
    assert Connection(SourceName("x"), url).is_loopback is is_here
