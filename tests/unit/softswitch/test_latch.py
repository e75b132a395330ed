"""Whose packets a port takes."""

from softswitch.media.latch import QUIET_TICKS, SUSTAINED_NEW_SOURCE, SourceLatch, Verdict

PARTY, PROXY, STRANGER = b"party", b"proxy", b"stranger"


def following_party() -> SourceLatch:
    latch = SourceLatch()
    latch.announce(PARTY)
    assert latch.check(PARTY, 1, 100, 0) is Verdict.NEW_STREAM
    return latch


def verdicts(latch: SourceLatch, source: bytes, ssrc: int, ticks: range) -> list[Verdict]:
    return [latch.check(source, ssrc, tick, tick) for tick in ticks]


def test_the_first_source_is_followed_although_the_sdp_named_another() -> None:
    latch = SourceLatch()
    latch.announce(PARTY)
    assert latch.check(PROXY, 1, 100, 0) is Verdict.NEW_STREAM
    assert latch.check(PROXY, 1, 101, 1) is Verdict.SAME


def test_a_stranger_beside_a_living_stream_is_never_followed() -> None:
    latch = following_party()
    for tick in range(1, 300):
        assert latch.check(PARTY, 1, 100 + tick, tick) is Verdict.SAME
        assert latch.check(STRANGER, 9, tick, tick) is Verdict.IGNORE
        assert latch.check(STRANGER, 1, tick, tick) is Verdict.IGNORE


def test_a_source_that_goes_on_after_the_first_fell_silent_is_followed() -> None:
    latch = following_party()
    found = verdicts(latch, PROXY, 1, range(1, QUIET_TICKS + SUSTAINED_NEW_SOURCE))
    assert Verdict.NEW_STREAM in found
    assert found.index(Verdict.NEW_STREAM) >= QUIET_TICKS - 1


def test_single_packets_after_silence_are_not_enough() -> None:
    latch = following_party()
    assert set(verdicts(latch, STRANGER, 9, range(200, 200 + SUSTAINED_NEW_SOURCE - 1))) == {Verdict.IGNORE}


def test_a_new_ssrc_of_the_same_source_is_believed_at_its_second_packet() -> None:
    latch = following_party()
    assert latch.check(PARTY, 2, 5, 1) is Verdict.IGNORE
    assert latch.check(PARTY, 2, 6, 2) is Verdict.NEW_STREAM


def test_the_address_of_the_sdp_takes_its_place_from_whoever_was_first() -> None:
    latch = SourceLatch()
    latch.announce(PARTY)
    latch.check(STRANGER, 9, 1, 0)
    latch.check(PARTY, 1, 100, 1)
    assert latch.check(PARTY, 1, 101, 2) is Verdict.NEW_STREAM


def test_a_new_address_in_the_sdp_is_followed_at_once() -> None:
    latch = following_party()
    latch.announce(PROXY)
    assert latch.check(PROXY, 3, 1, 1) is Verdict.NEW_STREAM


def test_the_same_address_in_another_sdp_changes_nothing() -> None:
    latch = following_party()
    latch.announce(PARTY)
    assert latch.check(PARTY, 1, 101, 1) is Verdict.SAME
