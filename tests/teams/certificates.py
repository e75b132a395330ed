"""An authority for the tests, and what it signs: our SBC's certificate, and those that Teams shows."""

from __future__ import annotations

import subprocess
from pathlib import Path

SECONDS = 30


def make_authority(folder: Path) -> Path:
    """The certificate of a new authority, its key beside it as authority.key."""
    certificate, key = folder / "authority.pem", folder / "authority.key"
    _openssl(
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Test Authority",
        "-addext", "basicConstraints=critical,CA:TRUE", "-keyout", str(key), "-out", str(certificate),
    )  # fmt: skip
    return certificate


def make_certificate(folder: Path, name: str, usage: str = "serverAuth,clientAuth", host: str = "localhost") -> Path:
    """NAME.pem and NAME.key, signed by the authority, for these purposes (extendedKeyUsage)."""
    certificate, key, request, extra = (folder / f"{name}.{end}" for end in ("pem", "key", "csr", "ext"))
    extra.write_text(f"subjectAltName=DNS:{host},IP:127.0.0.1\nextendedKeyUsage={usage}\n", encoding="utf-8")
    _openssl(
        "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={host}", "-keyout", str(key), "-out", str(request)
    )
    _openssl(
        "x509", "-req", "-in", str(request), "-days", "2", "-CA", str(folder / "authority.pem"),
        "-CAkey", str(folder / "authority.key"), "-CAcreateserial", "-extfile", str(extra), "-out", str(certificate),
    )  # fmt: skip
    return certificate


def _openssl(*words: str) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True, timeout=SECONDS)
