"""An encrypted ZIP is what its format says, however its content comes in."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from cxcore.ports.recordings import PackedFile
from cxcore.recordings.locked_zip import locked_zip
from tests.locked_zip import WrongPassword, unlocked

NOW = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
PASSWORD = "een-lang-wachtwoord"


@pytest.mark.parametrize("seed", range(4))
def test_content_in_pieces_of_any_length_comes_out_whole(seed: int) -> None:
    dice = random.Random(seed)
    pieces = [dice.randbytes(dice.choice([0, 1, 15, 16, 17, 1000])) for _ in range(12)]
    content = b"".join(pieces)
    files = [PackedFile("één.json", 2, [b"{}"]), PackedFile("opname.wav", len(content), pieces)]
    archive = b"".join(locked_zip(files, PASSWORD, NOW))
    assert unlocked(archive, "opname.wav", PASSWORD) == content
    assert unlocked(archive, "één.json", PASSWORD) == b"{}"


def test_one_octet_that_is_changed_is_found() -> None:
    archive = bytearray(b"".join(locked_zip([PackedFile("a", 64, [bytes(64)])], PASSWORD, NOW)))
    archive[80] ^= 1
    with pytest.raises(AssertionError):
        unlocked(bytes(archive), "a", PASSWORD)


def test_same_content_is_never_encrypted_the_same_way_twice() -> None:
    made = [b"".join(locked_zip([PackedFile("a", 64, [bytes(64)])], PASSWORD, NOW)) for _ in range(2)]
    assert made[0] != made[1]


def test_other_password_does_not_open_it() -> None:
    archive = b"".join(locked_zip([PackedFile("a", 1, [b"x"])], PASSWORD, NOW))
    with pytest.raises(WrongPassword):
        unlocked(archive, "a", "een-ander-wachtwoord")


def test_what_a_zip_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        next(locked_zip([PackedFile("a", 1 << 32, [])], PASSWORD, NOW))
