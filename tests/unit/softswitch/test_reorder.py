"""The reorder queue."""

from collections.abc import Iterable

from softswitch.media.reorder import LIMIT, SURPLUS_TICKS, ReorderQueue


def sound(number: int) -> bytes:
    return b"%05d" % (number % 65536)


def filled(numbers: Iterable[int]) -> ReorderQueue:
    queue = ReorderQueue()
    for number in numbers:
        queue.push(number % 65536, sound(number))
    return queue


def taken(queue: ReorderQueue, count: int) -> list[bytes | None]:
    return [queue.take() for _ in range(count)]


def test_nothing_is_handed_out_before_two_packets_wait() -> None:
    queue = filled([7])
    assert queue.take() is None
    queue.push(8, sound(8))
    assert taken(queue, 2) == [sound(7), sound(8)]


def test_a_single_packet_is_not_kept_for_ever() -> None:
    assert sound(7) in taken(filled([7]), 4)


def test_packets_that_changed_places_are_put_right() -> None:
    queue = filled([10, 11, 13, 12])
    assert taken(queue, 4) == [sound(10), sound(11), sound(12), sound(13)]
    assert (queue.reordered, queue.lost) == (1, 0)


def test_a_missing_packet_leaves_one_hole_and_no_delay() -> None:
    queue = filled([10, 11, 13, 14])
    assert taken(queue, 5) == [sound(10), sound(11), None, sound(13), sound(14)]
    assert queue.lost == 1


def test_a_packet_that_was_missed_while_the_queue_was_empty_makes_no_second_hole() -> None:
    queue = filled([10, 11])
    assert taken(queue, 3) == [sound(10), sound(11), None]
    queue.push(13, sound(13))
    assert queue.take() == sound(13)
    assert queue.lost == 1


def test_a_packet_after_its_turn_is_late_and_not_played() -> None:
    queue = filled([10, 11, 13])
    taken(queue, 4)
    queue.push(12, sound(12))
    assert queue.take() is None
    assert (queue.late, queue.lost) == (1, 0)


def test_a_packet_that_comes_twice_is_played_once() -> None:
    queue = filled([10, 11, 11, 12])
    assert taken(queue, 4) == [sound(10), sound(11), sound(12), None]
    assert queue.duplicates == 1


def test_sequence_numbers_run_over_without_a_hole() -> None:
    numbers = range(65534, 65539)
    queue = filled(numbers)
    assert taken(queue, 5) == [sound(number) for number in numbers]
    assert queue.lost == 0


def test_numbers_without_sound_leave_no_hole() -> None:
    queue = filled([10, 11])
    queue.push(12, b"")
    queue.push(13, sound(13))
    assert taken(queue, 3) == [sound(10), sound(11), sound(13)]
    assert queue.lost == 0


def test_a_sender_that_starts_anew_is_followed() -> None:
    queue = filled([10, 11, 12])
    taken(queue, 3)
    for number in (40000, 40001):
        queue.push(number, sound(number))
    assert taken(queue, 2) == [sound(40000), sound(40001)]


def test_a_sender_that_pauses_is_followed_when_it_goes_on() -> None:
    queue = filled([10, 11])
    taken(queue, 60)
    queue.push(12, sound(12))
    queue.push(13, sound(13))
    assert taken(queue, 2) == [sound(12), sound(13)]
    assert queue.lost == 0


def test_a_flood_never_makes_the_queue_longer_than_its_limit() -> None:
    assert len(filled(range(500))) <= LIMIT


def test_a_delay_that_a_burst_left_behind_is_worked_off() -> None:
    queue = filled(range(6))
    waiting = []
    for number in range(6, 6 + 5 * SURPLUS_TICKS):
        queue.push(number, sound(number))
        assert queue.take() is not None
        waiting.append(len(queue))
    assert waiting[-1] <= 2
