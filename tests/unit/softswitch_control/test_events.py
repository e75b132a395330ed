"""Events as text, and who gets them."""

from __future__ import annotations

import json

import pytest

from softswitch.esl.filters import Filter, Subscription
from softswitch.events import Event, percent_encode


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("Anna", "Anna"),
        ("a b", "a%20b"),
        ("a\nUnique-ID: x", "a%0AUnique-ID%3A%20x"),
        ("100%", "100%25"),
        ("%0A stays", "%0A%20stays"),
        ("%0a", "%250a"),
        ("é", "%C3%A9"),
        ("\udcff", "%FF"),
        ("+31", "%2B31"),
        ("", ""),
    ],
)
def test_values_are_encoded_as_freeswitch_does(value: str, encoded: str) -> None:
    assert percent_encode(value) == encoded


def test_plain_event_is_one_line_per_header_with_the_body_after_it() -> None:
    event = Event("BACKGROUND_JOB", {"Event-Name": "BACKGROUND_JOB", "Empty": "", "Name": "a\nb"}, body="+OK é\n")
    head = b"Event-Name: BACKGROUND_JOB\nEmpty: _undef_\nName: a%0Ab\nContent-Length: 7\n\n"
    assert event.plain() == head + b"+OK \xc3\xa9\n"


def test_json_event_is_always_valid_json() -> None:
    event = Event("CUSTOM", {"Event-Name": "CUSTOM", "Name": "\udcff\udcfe"}, body="x")
    decoded = json.loads(event.json())
    assert decoded == {"Event-Name": "CUSTOM", "Name": "\ufffd\ufffd", "Content-Length": "1", "_body": "x"}


def event(name: str = "CHANNEL_ANSWER", **headers: str) -> Event:
    return Event(name, {key.replace("_", "-"): value for key, value in headers.items()})


def subscribed(*words: str) -> Subscription:
    subscription = Subscription()
    subscription.add(list(words))
    return subscription


def test_only_named_events_are_wanted() -> None:
    subscription = subscribed("CHANNEL_ANSWER", "channel_park")
    assert subscription.wants(event("CHANNEL_ANSWER"))
    assert subscription.wants(event("CHANNEL_PARK"))
    assert not subscription.wants(event("DTMF"))


def test_custom_events_are_wanted_by_subclass() -> None:
    subscription = subscribed("CUSTOM", "cx::load")
    assert subscription.wants(Event("CUSTOM", subclass="cx::load"))
    assert not subscription.wants(Event("CUSTOM", subclass="other"))


def test_an_event_that_is_nixed_from_all_is_no_longer_wanted() -> None:
    subscription = subscribed("ALL")
    subscription.remove(["HEARTBEAT"])
    assert not subscription.wants(event("HEARTBEAT"))
    assert subscription.wants(event("DTMF"))


@pytest.mark.parametrize(
    ("rules", "wanted"),
    [
        ([("Unique-ID", "1")], True),
        ([("unique-id", "1")], True),
        ([("Unique-ID", "2")], False),
        ([("Unique-ID", "2"), ("Unique-ID", "1")], True),
        ([("Unique-ID", "/^[0-9]$/")], True),
        ([("Unique-ID", "/(/")], False),
        ([("Unique-ID", "1"), ("Call-Direction", "-inbound")], False),
        ([("Missing", "1")], False),
    ],
)
def test_filters_let_pass_what_one_of_them_names(rules: list[tuple[str, str]], wanted: bool) -> None:
    subscription = subscribed("ALL")
    subscription.filters = [Filter(*rule) for rule in rules]
    assert subscription.wants(event(Unique_ID="1", Call_Direction="inbound")) is wanted


def test_nothing_known_is_counted_as_nothing() -> None:
    assert Subscription().add(["NONSENSE"]) == 0
    assert Subscription().add(["CUSTOM", "a", "b"]) == 3
