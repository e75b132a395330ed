"""Callers leave a message, which reaches an agent of the queue as a contact of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cxcore.domain.agent import AgentId, AgentState
from cxcore.domain.commands import CallSender, HangUpContact, HoldContact, ReplayMessage
from cxcore.domain.contact import Channel, ContactId, ContactState, Outcome
from cxcore.domain.dialplan import Close, Dialplan, Say, Voicemail
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import (
    ContactAnswered,
    ContactEnded,
    ContactOffered,
    ContactOpened,
    OfferEnded,
    SenderReached,
    VoiceMessageDropped,
    VoiceMessageLeft,
    VoiceMessagePlayed,
    WrapUpStarted,
)
from cxcore.domain.leg import HangUpCause, LegId
from cxcore.domain.measures import Day
from cxcore.domain.offer import OfferEnd
from cxcore.domain.queue import CallBackSettings
from cxcore.domain.site import Site
from cxcore.runner.clock import last_midnight
from cxcore.services import voicemail
from tests import builders
from tests.fakes.switch import Ask, Dialled, Hearing, StartRecording, StopRecording
from tests.fakes.switch import Say as Said
from tests.fakes.voice_messages import FOLDER
from tests.unit.world import PROMPTS, World

LINE = "+31715550106"
KAREL = "+31687654321"
ANNA = AgentId("anna")


def site(priority: int = -1) -> Site:
    """A number that takes messages for Burgerzaken, which calls people back."""
    queue = builders.queue(announcement=None, call_back=CallBackSettings(ring_seconds=15))
    plain = builders.site((queue, builders.queue(builders.RECEPTIE)))
    step = Voicemail(builders.BURGERZAKEN, seconds=60, priority=priority)
    flows = {**plain.dialplan.flows, "inspreken": (step, Say("bel-later-terug"), Close())}
    return replace(plain, dialplan=Dialplan({**plain.dialplan.numbers, LINE: "inspreken"}, flows))


def speaks(world: World, number: str | None = KAREL) -> LegId:
    """A caller heard the greeting and the beep, and speaks."""
    caller = world.calls(LINE, number)
    world.switch.ends_prompt(caller)
    world.settle()
    return caller


def leave(world: World, seconds: float = 8, number: str | None = KAREL) -> ContactId:
    """A caller leaves a message; its contact."""
    caller = speaks(world, number)
    world.advance(seconds)
    world.hangs_up(caller)
    return world.last_fact(VoiceMessageLeft).contact_id


def hears(world: World) -> LegId:
    """Anna takes the message that is offered; her device."""
    device = world.ringing()
    world.answers(device)
    return device


def test_caller_hears_the_greeting_and_is_recorded_from_the_beep_on() -> None:
    world = World(site())
    caller = world.calls(LINE, KAREL)
    assert world.switch.last(Said, caller).prompts == (PROMPTS["voicemail"],)
    assert not world.switch.all_of(StartRecording)
    world.switch.ends_prompt(caller)
    world.settle()
    assert world.switch.last(StartRecording, caller).party_only
    assert world.switch.last(Ask, caller).question.timeout_seconds == 60


@pytest.mark.parametrize("ended_by", ["hash", "time", "hang-up"])
def test_message_that_ends_by_a_key_the_time_or_the_hang_up_waits_in_the_queue(ended_by: str) -> None:
    world = World(site())
    caller = speaks(world)
    world.advance(12)
    if ended_by == "hang-up":
        world.hangs_up(caller)
    else:
        world.switch.enters(caller, "#" if ended_by == "hash" else "")
        world.settle()
        assert world.switch.last(StopRecording, caller).path == world.switch.last(StartRecording, caller).path
        assert world.switch.last(Said, caller).prompts == (PROMPTS["bel-later-terug"],)
        world.switch.ends_prompt(caller)
        world.settle()
    left = world.last_fact(VoiceMessageLeft)
    assert left.spoken_seconds == 12
    assert world.last_fact(ContactOpened).channel is Channel.VOICEMAIL
    call, message = world.last_fact(ContactEnded), world.floor.contacts[left.contact_id]
    assert (call.contact_id, call.outcome) == (left.call_id, Outcome.LEFT_MESSAGE)
    assert (message.state, message.caller_number) == (ContactState.WAITING, KAREL)


def test_message_of_less_than_two_seconds_is_no_contact() -> None:
    world = World(site())
    caller = speaks(world)
    world.advance(1.9)
    world.hangs_up(caller)
    assert world.last_fact(VoiceMessageDropped).spoken_seconds == 1.9
    assert not world.floor.contacts
    assert world.last_fact(ContactEnded).outcome is Outcome.LEFT_IN_FLOW


def test_agent_is_offered_the_message_hears_it_and_wraps_up() -> None:
    world = World(site())
    message = leave(world)
    world.advance(100)
    world.log_on("anna")
    device = hears(world)
    assert world.switch.last(Said, device).prompts == (FOLDER / f"{message}.wav",)
    assert world.last_fact(OfferEnded).end is OfferEnd.ACCEPTED
    assert world.last_fact(ContactAnswered).waited_seconds == 101
    assert world.last_fact(VoiceMessagePlayed).agent_id == ANNA
    world.switch.ends_prompt(device)
    world.settle()
    assert world.switch.hears(device) is Hearing.SILENCE
    world.advance(20)
    world.hangs_up(device)
    assert world.agent("anna").state is AgentState.WRAP_UP
    assert world.last_fact(WrapUpStarted).contact_id == message
    assert world.last_fact(ContactEnded).outcome is Outcome.HEARD


def test_agent_hears_it_again_and_ends_it_from_the_page() -> None:
    world = World(site())
    leave(world)
    world.log_on("anna")
    device = hears(world)
    world.switch.ends_prompt(device)
    world.settle()
    world.does(ReplayMessage("anna", ANNA))
    assert world.switch.hears(device) is Hearing.PROMPTS
    with pytest.raises(NotAllowed):
        world.does(HoldContact("anna", ANNA))
    world.does(HangUpContact("anna", ANNA))
    assert not world.switch.legs
    assert world.agent("anna").state is AgentState.WRAP_UP


def test_sender_is_called_back_from_the_message() -> None:
    world = World(site())
    message = leave(world)
    world.log_on("anna")
    device = hears(world)
    world.does(CallSender("anna", ANNA))
    assert world.switch.hears(device) is Hearing.RINGBACK
    dial = world.switch.last(Dialled).dial
    assert (dial.destination, dial.timeout_seconds) == (KAREL, 15)
    world.answers(dial.leg_id)
    assert world.switch.bridged_to(device) == dial.leg_id
    assert world.last_fact(SenderReached).reached
    world.advance(30)
    world.hangs_up(dial.leg_id)
    ended = world.last_fact(ContactEnded)
    assert (ended.contact_id, ended.outcome) == (message, Outcome.ANSWERED)
    assert not world.switch.legs


def test_sender_who_does_not_answer_leaves_the_agent_with_the_message() -> None:
    world = World(site())
    leave(world)
    world.log_on("anna")
    device = hears(world)
    world.does(CallSender("anna", ANNA))
    world.hangs_up(world.switch.last(Dialled).dial.leg_id, HangUpCause.NO_ANSWER)
    assert world.last_fact(SenderReached).cause is HangUpCause.NO_ANSWER
    assert world.switch.hears(device) is Hearing.SILENCE
    world.does(CallSender("anna", ANNA))
    world.hangs_up(device)
    assert not world.switch.legs
    assert world.agent("anna").state is AgentState.WRAP_UP


def test_sender_with_a_hidden_number_cannot_be_called() -> None:
    world = World(site())
    leave(world, number=None)
    world.log_on("anna")
    hears(world)
    with pytest.raises(NotAllowed) as refusal:
        world.does(CallSender("anna", ANNA))
    assert refusal.value.code == "cannot-be-called"


def test_caller_on_the_line_comes_before_an_older_message_unless_its_priority_says_otherwise() -> None:
    for priority, first in ((-1, "call"), (0, "message")):
        world = World(site(priority))
        message = leave(world)
        world.advance(5)
        world.calls()
        world.log_on("anna")
        (offer,) = world.floor.offers.values()
        assert (offer.contact_id == message) is (first == "message")


def test_message_is_counted_apart_from_calls() -> None:
    world = World(site())
    leave(world)
    assert world.floor.day.queues[builders.BURGERZAKEN].offered == 0
    assert not world.floor.is_full(builders.BURGERZAKEN)
    assert not world.floor.lines[builders.BURGERZAKEN]
    world.log_on("anna")
    hears(world)
    assert world.floor.day.queues[builders.BURGERZAKEN].answered == 0
    assert world.floor.day.messages[builders.BURGERZAKEN].answered == 1
    again = Day(last_midnight(world.clock.now()))
    for fact in world.facts:
        again.count(fact)
    assert again.messages == world.floor.day.messages


def test_message_of_an_agent_whose_device_dies_waits_again_at_its_place() -> None:
    world = World(site())
    message = leave(world)
    queued_at = world.floor.contacts[message].queued_at
    world.log_on("anna")
    world.switch.loses(hears(world))
    world.advance(5)
    world.switch.is_lost()
    world.switch.comes_back()
    world.settle()
    contact = world.floor.contacts[message]
    assert (contact.queued_at, len(world.all_facts(ContactOffered))) == (queued_at, 2)


# --- Nothing is lost -------------------------------------------------------------------------------------------------


def test_waiting_messages_outlive_the_core_at_their_places() -> None:
    world = World(site())
    first = leave(world)
    second = leave(world)
    world.restart_core()
    assert [each.contact_id for each in world.floor.messages_waiting(builders.BURGERZAKEN)] == [first, second]
    world.log_on("anna")
    assert next(iter(world.floor.offers.values())).contact_id == first


def test_message_that_is_spoken_while_the_core_is_killed_goes_on() -> None:
    world = World(site())
    caller = speaks(world)
    world.advance(5)
    world.restart_core()
    world.advance(5)
    world.hangs_up(caller)
    assert world.last_fact(VoiceMessageLeft).spoken_seconds == 10


@pytest.mark.parametrize("seconds", [7.5, 1.0])
def test_message_whose_caller_left_while_no_core_was_running_is_what_the_file_holds(seconds: float) -> None:
    world = World(site())
    caller = speaks(world)
    recording = world.switch.last(StartRecording, caller).path.name
    world.kill_core()
    world.messages.lengths[recording] = seconds
    world.switch.loses(caller)
    world.advance(60)
    world.restart_core()
    left = world.all_facts(VoiceMessageLeft)
    assert [fact.spoken_seconds for fact in left] == ([seconds] if seconds > 2 else [])
    outcome = world.all_facts(ContactEnded)[0].outcome
    assert outcome is (Outcome.LEFT_MESSAGE if left else Outcome.LOST)
    world.restart_core()
    assert len(world.all_facts(VoiceMessageLeft)) == len(left)


def test_message_that_was_spoken_when_the_switch_died_is_kept() -> None:
    world = World(site())
    speaks(world)
    world.advance(6)
    world.switch.restarts()
    world.settle()
    assert world.last_fact(VoiceMessageLeft).spoken_seconds == 6


def test_agent_who_hears_a_message_when_the_core_is_killed_hears_it_again() -> None:
    world = World(site())
    message = leave(world)
    world.log_on("anna")
    device = hears(world)
    world.restart_core()
    assert world.floor.contacts[message].state is ContactState.HEARING
    assert world.switch.hears(device) is Hearing.PROMPTS
    assert len(world.all_facts(OfferEnded)) == len(world.all_facts(ContactOffered)) == 1
    world.hangs_up(device)
    assert world.last_fact(ContactEnded).outcome is Outcome.HEARD


def test_sender_who_is_being_called_when_the_core_is_killed_is_not_called_twice() -> None:
    world = World(site())
    leave(world)
    world.log_on("anna")
    device = hears(world)
    world.does(CallSender("anna", ANNA))
    sender = world.switch.last(Dialled).dial.leg_id
    world.restart_core()
    assert world.switch.last(Dialled).dial.leg_id == sender
    world.answers(sender)
    assert world.switch.bridged_to(device) == sender
    world.restart_core()
    world.hangs_up(sender)
    assert world.last_fact(ContactEnded).outcome is Outcome.ANSWERED
    assert world.agent("anna").state is AgentState.WRAP_UP


def test_old_messages_are_forgotten_but_none_that_waits() -> None:
    world = World(site())
    message = leave(world)
    world.work.message_days = 30
    long_ago = world.clock.now() - timedelta(days=31)
    world.messages.written = {f"{message}.wav": long_ago, "heard.wav": long_ago, "new.wav": world.clock.now()}
    voicemail.forget_old(world.work, world.clock.now())
    assert set(world.messages.written) == {f"{message}.wav", "new.wav"}


def test_plain_copy_of_a_message_is_there_only_while_it_is_heard() -> None:
    world = World(site())
    message = leave(world)
    world.log_on("anna")
    assert world.messages.plain == set()
    device = hears(world)
    assert world.messages.plain == {f"{message}.wav"}
    world.hangs_up(device)
    assert world.messages.plain == set()
