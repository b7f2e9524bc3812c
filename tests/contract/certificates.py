"""Certificates of every quality, made by ``openssl`` for one run of the tests."""

import shutil
import ssl
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

_CONFIGURATION = """
[ca]
default_ca = own
[own]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
"""
_HERE = "IP:127.0.0.1,DNS:localhost"


@dataclass(frozen=True)
class Made:
    """A certificate with its names and the days on which it holds (``YYMMDD``)."""

    names: str = _HERE
    begins: str = "200101"
    ends: str = "490101"


LEAVES: Mapping[str, Made] = {
    "good": Made(),
    "for another host": Made(names="DNS:other.example"),
    "expired": Made(ends="200102"),
    "not yet valid": Made(begins="480101"),
}


@dataclass(frozen=True)
class Certificates:
    """The authority that the sources are told to trust, and what servers show."""

    folder: Path

    @property
    def authority(self) -> Path:
        """The authority of every certificate but the self-signed one."""
        return self.folder / "ca.pem"

    def context(self, name: str) -> ssl.SSLContext:
        """A server's context that shows the certificate ``name``."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / f"{name}.pem", self.folder / "key.pem")
        return context


def make(folder: Path) -> Certificates:
    """All of them, into an empty folder. Skips the test where there is no ``openssl``."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: no certificates for the faults of TLS")

    def openssl(*arguments: str) -> None:
        done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    (folder / "ca.cnf").write_text(_CONFIGURATION)
    (folder / "index.txt").touch()
    (folder / "serial").write_text("01\n")
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "key.pem")
    own = ("req", "-x509", "-key", "key.pem", "-days", "9000")
    openssl(*own, "-subj", "/CN=An authority", "-out", "ca.pem")
    openssl(*own, "-subj", "/CN=127.0.0.1", "-addext", f"subjectAltName={_HERE}", "-out", "self-signed.pem")
    openssl("req", "-new", "-key", "key.pem", "-subj", "/CN=a vendor", "-out", "request.csr")
    for name, made in LEAVES.items():
        (folder / "names.cnf").write_text(f"subjectAltName={made.names}\n")
        days = ("-startdate", f"{made.begins}000000Z", "-enddate", f"{made.ends}000000Z")
        files = ("-cert", "ca.pem", "-keyfile", "key.pem", "-in", "request.csr", "-out", f"{name}.pem")
        openssl("ca", "-batch", "-notext", "-config", "ca.cnf", "-extfile", "names.cnf", *days, *files)
    return Certificates(folder)
