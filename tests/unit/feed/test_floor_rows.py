"""What screens see of the floor."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from cxcore.domain.agent import AgentId
from cxcore.domain.chat import ChatPage
from cxcore.domain.commands import (
    AcknowledgeAlarm,
    AssignQueue,
    CloseQueue,
    EndWrapUp,
    FollowTimetable,
    HoldContact,
    LogOff,
    LogOn,
    PauseRecording,
    RemoveFromQueue,
    StartChat,
)
from cxcore.domain.contact import ContactId
from cxcore.domain.leg import HangUpCause, LegId
from cxcore.domain.queue import QueueId
from cxcore.domain.recording import RecordingMode, RecordingRule
from cxcore.domain.schedule import Span, every_day
from cxcore.domain.thresholds import AlarmKind, Threshold
from cxcore.feed.floor_rows import FloorProjector, everything, named_by, row
from cxcore.feed.picture import LivePicture
from cxcore.ports.controller import AgentRow, AlarmRow, ContactRow, QueueRow, Subject
from cxcore.services import alarms
from tests import builders
from tests.unit.services import test_messaging
from tests.unit.world import START, World


def queue_row(world: World, queue_id: QueueId = builders.BURGERZAKEN) -> QueueRow:
    found = row(world.floor, Subject.QUEUE, queue_id, world.clock.now())
    assert isinstance(found, QueueRow)
    return found


def test_queue_shows_who_waits_and_since_when() -> None:
    world = World()
    world.calls()
    world.advance(30)
    world.calls()
    assert (queue_row(world).waiting, queue_row(world).longest_waiting_since) == (2, START)


def test_queue_shows_chats_of_each_channel_apart_and_none_of_a_channel_without() -> None:
    website = ChatPage("noordwijk", "www.noordwijk.nl", builders.BURGERZAKEN)
    world = World(replace(test_messaging.site(), chat_pages={"noordwijk": website, "whatsapp": test_messaging.PAGE}))
    assert queue_row(world).written == ()
    world.log_on("anna")
    test_messaging.says(world, "Hallo", "m1")
    test_messaging.accepts(world)
    world.does(StartChat("customer", ContactId("c1"), "noordwijk", "Dag"))

    chat, whatsapp = queue_row(world).written
    assert (chat.channel, chat.waiting, chat.talking, chat.answered) == ("web-chat", 1, 0, 0)
    assert (whatsapp.channel, whatsapp.waiting, whatsapp.talking, whatsapp.answered) == ("whatsapp", 0, 1, 1)
    assert queue_row(world).waiting == queue_row(world).offered == 0


def test_queue_shows_who_serves_it() -> None:
    world = World()
    world.log_on("anna", "bram")
    world.calls()
    assert (queue_row(world).agents_logged_on, queue_row(world).agents_ready) == (2, 1)


def test_offer_shows_on_the_contact_and_on_the_agent() -> None:
    world = World()
    world.log_on("anna")
    caller = world.calls()
    contact = world.contact(caller)
    shown = row(world.floor, Subject.CONTACT, contact.contact_id, world.clock.now())
    agent = row(world.floor, Subject.AGENT, "anna", world.clock.now())
    assert isinstance(shown, ContactRow)
    assert isinstance(agent, AgentRow)
    assert (shown.offered_to, agent.contact_id, agent.state) == ("anna", contact.contact_id, "offered")


def test_contact_that_rings_at_several_shows_all_of_them_and_follows_each_end() -> None:
    world = World(builders.site((builders.queue(ring_agents=3), builders.queue(builders.RECEPTIE))))
    world.log_on("anna", "bram")
    caller = world.calls(builders.DIRECT)
    contact = world.contact(caller)
    shown = row(world.floor, Subject.CONTACT, contact.contact_id, world.clock.now())
    assert isinstance(shown, ContactRow)
    assert (shown.offered_to, shown.also_offered_to, shown.offer_reason) == ("anna", ("bram",), "all-ring")
    assert [shown.concerns(name) for name in ("anna", "bram", "chris")] == [True, True, False]

    world.facts.clear()
    offer = world.floor.offer_of_agent(AgentId("anna"))
    assert offer is not None
    world.hangs_up(offer.leg_id, HangUpCause.DECLINED)

    assert (Subject.CONTACT, contact.contact_id) in named_by(world.floor, world.facts)
    shown = row(world.floor, Subject.CONTACT, contact.contact_id, world.clock.now())
    assert isinstance(shown, ContactRow)
    assert (shown.offered_to, shown.also_offered_to, shown.offer_reason) == ("bram", (), None)


def test_every_change_of_a_step_is_named() -> None:
    world = World()
    world.log_on("anna")
    world.facts.clear()
    world.calls()
    world.answers(world.ringing())
    named = named_by(world.floor, world.facts)
    assert {(Subject.AGENT, "anna"), (Subject.QUEUE, "burgerzaken"), (Subject.QUEUE, "receptie")} <= named


def test_contact_that_ended_has_no_row() -> None:
    world = World()
    caller = world.calls()
    contact_id = world.contact(caller).contact_id
    world.hangs_up(caller)
    assert row(world.floor, Subject.CONTACT, contact_id, START) is None
    assert everything(world.floor) == {
        (Subject.QUEUE, "burgerzaken"), (Subject.QUEUE, "receptie"), (Subject.AGENT, "anna"), (Subject.AGENT, "bram"),
    }  # fmt: skip


def contact_row_of(world: World, leg: LegId) -> ContactRow:
    shown = row(world.floor, Subject.CONTACT, world.contact(leg).contact_id, world.clock.now())
    assert isinstance(shown, ContactRow)
    return shown


def test_waiting_contact_shows_its_place() -> None:
    world = World()
    first = world.calls()
    world.advance(1)
    second = world.calls()
    assert [contact_row_of(world, leg).position for leg in (first, second)] == [1, 2]
    world.hangs_up(first)
    assert contact_row_of(world, second).position == 1


def call_apart(world: World, count: int) -> list[LegId]:
    """Callers who come one after the other."""
    callers = []
    for _ in range(count):
        world.advance(0.1)
        callers.append(world.calls())
    return callers


def test_line_that_moved_is_shown_anew_once_and_not_at_each_departure() -> None:
    world = World()
    picture = LivePicture()
    projector = FloorProjector(world.floor, picture, world.clock)
    callers = call_apart(world, 30)
    projector.hear(world.facts)
    while projector.show_places():
        pass
    before = picture.number
    for caller in callers[:5]:
        world.facts.clear()
        world.hangs_up(caller)
        projector.hear(world.facts)
    assert picture.number - before <= 5 * 2
    assert projector.show_places()
    assert not projector.show_places()
    shown = picture.picture().rows[Subject.CONTACT, world.contact(callers[5]).contact_id]
    assert isinstance(shown, ContactRow)
    assert shown.position == 1


def test_figures_of_queues_follow_a_little_later_and_what_a_user_changed_at_once() -> None:
    world = World()
    picture = LivePicture()
    projector = FloorProjector(world.floor, picture, world.clock)
    projector.show_everything()
    world.inbox.ears = [*world.inbox.ears, projector.hear]
    for _ in range(2):
        world.calls()
    assert shown_queue(picture).waiting == 0
    world.does(CloseQueue("sofie", builders.BURGERZAKEN))
    assert (shown_queue(picture).open, shown_queue(picture).waiting) == (False, 2)
    world.calls()
    assert projector.show_figures()
    assert not projector.show_figures()


def shown_queue(picture: LivePicture) -> QueueRow:
    found = picture.picture().rows[Subject.QUEUE, "burgerzaken"]
    assert isinstance(found, QueueRow)
    return found


def test_screen_and_caller_get_the_same_expected_wait() -> None:
    world = World()
    world.log_on("bram")
    callers = call_apart(world, 12)
    for caller in callers[:6]:
        world.answers(world.ringing())
        world.advance(60)
        world.hangs_up(caller)
        world.advance(30)
    shown = contact_row_of(world, callers[10])
    assert shown.expected_wait_seconds == world.floor.expected_wait(world.contact(callers[10]))
    assert shown.expected_wait_seconds is not None
    assert queue_row(world).expected_wait_seconds is not None
    assert queue_row(world).expected_wait_seconds > shown.expected_wait_seconds  # type: ignore[operator]


def test_queue_shows_whether_it_is_open_and_who_decided_so() -> None:
    world = World()
    assert (queue_row(world).open, queue_row(world).steered) == (True, False)
    world.does(CloseQueue("sofie", builders.BURGERZAKEN))
    assert (queue_row(world).open, queue_row(world).steered) == (False, True)
    world.does(FollowTimetable("sofie", builders.BURGERZAKEN))
    assert (queue_row(world).open, queue_row(world).steered) == (True, False)


def test_queue_that_closes_by_its_timetable_shows_so() -> None:
    nine_to_half_past = every_day(Span(time(10, 0), time(10, 30)))
    world = World(builders.site((builders.queue(hours=nine_to_half_past), builders.queue(builders.RECEPTIE))))
    picture = LivePicture()
    projector = FloorProjector(world.floor, picture, world.clock)
    opened = []
    for minutes in (1, 60):
        world.advance(60 * minutes)
        projector.show_hours()
        shown = picture.picture().rows[Subject.QUEUE, "burgerzaken"]
        assert isinstance(shown, QueueRow)
        opened.append((shown.open, shown.steered))
    assert opened == [(True, False), (False, False)]


def projected(world: World) -> LivePicture:
    picture = LivePicture()
    projector = FloorProjector(world.floor, picture, world.clock)
    projector.show_everything()
    world.inbox.ears = [*world.inbox.ears, projector.hear]
    return picture


def shown_agent(picture: LivePicture) -> AgentRow:
    found = picture.picture().rows[Subject.AGENT, "anna"]
    assert isinstance(found, AgentRow)
    return found


def test_agent_shows_the_levels_of_the_memberships() -> None:
    world = World()
    picture = projected(world)
    world.does(AssignQueue("sofie", AgentId("anna"), builders.RECEPTIE, 3))
    levels = dict(zip(shown_agent(picture).memberships, shown_agent(picture).levels, strict=True))
    assert levels == {"burgerzaken": 1, "receptie": 3}


def test_agent_shows_who_else_changed_the_status_or_the_queues() -> None:
    world = World()
    picture = projected(world)
    world.log_on("anna")
    assert shown_agent(picture).steered_by is None
    world.does(LogOff("sofie", AgentId("anna")))
    assert shown_agent(picture).steered_by == "Sofie"
    world.does(LogOn("anna", AgentId("anna")))
    assert shown_agent(picture).steered_by is None
    world.does(RemoveFromQueue("sofie", AgentId("anna"), builders.RECEPTIE))
    assert shown_agent(picture).steered_by == "Sofie"


def test_alarm_shows_while_it_is_on_and_who_has_seen_it() -> None:
    threshold = Threshold(AlarmKind.WAITING, 1, 0, 0)
    world = World(builders.site((builders.queue(alarms={threshold.kind: threshold}),), ()))
    picture = projected(world)
    alarms.watch(world.work, START)
    caller = world.calls()
    world.advance(2)
    world.does(AcknowledgeAlarm("sofie", builders.BURGERZAKEN, "waiting"))
    shown = picture.picture().rows[Subject.ALARM, "burgerzaken:waiting"]
    assert isinstance(shown, AlarmRow)
    assert (shown.queue, shown.value, shown.acknowledged_by) == ("Burgerzaken", 1, "Sofie")
    world.hangs_up(caller)
    world.advance(2)
    assert (Subject.ALARM, "burgerzaken:waiting") not in picture.picture().rows


def agent_row_of(world: World, name: str) -> AgentRow:
    found = row(world.floor, Subject.AGENT, name, world.clock.now())
    assert isinstance(found, AgentRow)
    return found


def test_agent_shows_how_long_a_contact_takes_with_its_wrap_up() -> None:
    world = World()
    world.log_on("anna")
    assert agent_row_of(world, "anna").average_handling_seconds is None
    for talk in (60, 120):
        caller, _ = world.talk()
        world.advance(talk)
        world.hangs_up(caller)
        world.advance(20)
        world.does(EndWrapUp("anna", AgentId("anna")))
    assert agent_row_of(world, "anna").average_handling_seconds == 110


def test_paused_recording_shows_when_it_goes_on_and_one_on_hold_only_that_it_is_silent() -> None:
    recorded = builders.queue(recording=RecordingRule(RecordingMode.ALWAYS, pause_seconds=90))
    world = World(builders.site((recorded, builders.queue(builders.RECEPTIE, priority=1))))
    world.log_on("anna")
    caller, _ = world.talk()

    def shown() -> tuple[str | None, datetime | None]:
        found = row(world.floor, Subject.CONTACT, world.contact(caller).contact_id, world.clock.now())
        assert isinstance(found, ContactRow)
        return found.recording, found.recording_resumes_at

    world.does(HoldContact("anna", AgentId("anna")))
    assert shown() == ("silent", None)
    world.does(PauseRecording("anna", AgentId("anna")))
    assert shown() == ("paused", world.clock.now() + timedelta(seconds=90))
