"""Whoever may manage messages does so by telephone: code, PIN, record, listen, approve; emergency on and off."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import PurePath

import pytest

from cxcore.domain.contact import Outcome
from cxcore.domain.emergency import EVERYWHERE, Then
from cxcore.domain.events import ContactEnded, EmergencyEnded, EmergencySet, MessageUsed, ServiceUsed
from cxcore.domain.leg import LegId
from cxcore.domain.service_line import PreparedText, ServiceLine
from cxcore.domain.site import Site
from cxcore.domain.tidings import (
    LeaseCheckDue,
    PinChecked,
    RecordingClosed,
    SoundPrepared,
    VersionMade,
)
from cxcore.ports.audit import AuditResult
from tests import builders
from tests.fakes.service_desk import FakeServiceDesk
from tests.fakes.switch import Ask, Hearing, Say, StartRecording, StopRecording
from tests.unit.world import PROMPTS, World

NUMBER = "+31715550190"
SOFIE = "+31687654321"
LINE = ServiceLine(
    NUMBER,
    {"1": "welkom"},
    {"1": PreparedText("noodtekst-storing"), "2": PreparedText("noodtekst-gesloten", Then.GO_ON, hours=0)},
    {"1": EVERYWHERE, "2": builders.DIRECT, "3": builders.RECEPTIE},
)


def site(line: ServiceLine | None = LINE) -> Site:
    plain = builders.site()
    return replace(plain, dialplan=replace(plain.dialplan, service_number=NUMBER), service_line=line)


class ServiceWorld(World):
    """A core with a service number, and a desk whose outcomes the test tells."""

    def __init__(self) -> None:
        super().__init__(site())
        self.desk = self.work.desk = FakeServiceDesk()
        self.work.find_sound = lambda sound: PurePath(f"/library/{sound}.wav")

    def presses(self, leg: LegId, *keys: str) -> None:
        for each in keys:
            self.switch.enters(leg, each)
            self.settle()

    def tells_pin(self, leg: LegId, user: str = "sofie", right: bool = True, locked: bool = False) -> None:
        """The desk has looked."""
        asker = self.desk.checks[-1].asker
        self.inbox.step(PinChecked(self.clock.now(), leg, asker.order_id, user, right, locked))
        self.settle()

    def signs_in(self) -> LegId:
        """Sofie called, and her code and PIN were right."""
        leg = self.calls(NUMBER, SOFIE)
        self.presses(leg, "123456", "864209")
        self.tells_pin(leg)
        return leg

    def asked(self, leg: LegId) -> list[str]:
        """The names of what is asked now."""
        return [path.stem for path in self.switch.last(Ask, leg).question.prompts]

    def records(self, leg: LegId, seconds: float = 4.0) -> None:
        """Choose the first message, speak, and end with a key."""
        self.presses(leg, "1", "1", "1")
        name = PurePath(self.switch.last(StartRecording, leg).path).name
        self.messages.lengths[name] = seconds
        self.presses(leg, "")
        self.closes(leg)

    def closes(self, leg: LegId) -> None:
        """The file is closed and, where something was said, fit for the line."""
        path, prepared = self.switch.last(StartRecording, leg).path, len(self.desk.prepares)
        self.inbox.step(RecordingClosed(self.clock.now(), leg, str(path), failed=False))
        if len(self.desk.prepares) > prepared:
            order_id = self.desk.prepares[-1].asker.order_id
            self.inbox.step(SoundPrepared(self.clock.now(), leg, order_id, "welkom/3"))
        self.settle()


@pytest.fixture
def world() -> ServiceWorld:
    return ServiceWorld()


def test_code_and_pin_are_asked_and_the_menu_follows(world: ServiceWorld) -> None:
    leg = world.calls(NUMBER, SOFIE)
    assert world.asked(leg) == ["dienst-code"]
    world.presses(leg, "123456")
    assert world.asked(leg) == ["dienst-pincode"]
    world.presses(leg, "864209")
    check = world.desk.checks[-1]
    assert (check.code, check.pin, check.asker.origin) == ("123456", "864209", f"tel:{SOFIE}")
    assert world.switch.hears(leg) is Hearing.HOLD_MUSIC
    world.tells_pin(leg)
    assert world.asked(leg) == ["dienst-menu"]
    assert world.desk.notes[-1] == ("sofie", "phone-sign-in", "", AuditResult.DONE, f"tel:{SOFIE}")


def test_the_pin_stands_in_no_fact_and_no_log(world: ServiceWorld, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    leg = world.calls(NUMBER, SOFIE)
    world.presses(leg, "123456", "864209")
    assert "864209" not in repr(world.contact(leg))
    world.tells_pin(leg)
    told = " ".join(map(repr, world.facts)) + caplog.text
    assert "864209" not in told
    assert "123456" not in told


def test_three_wrong_pins_end_the_call_without_saying_what_was_wrong(world: ServiceWorld) -> None:
    leg = world.calls(NUMBER, SOFIE)
    for user, locked in (("", False), ("sofie", False)):
        world.presses(leg, "123456", "864208")
        world.tells_pin(leg, user, right=False, locked=locked)
        assert world.asked(leg) == ["dienst-onjuist", "dienst-code"]
    world.presses(leg, "123456", "864208")
    world.tells_pin(leg, "sofie", right=False, locked=True)
    assert [path.stem for path in world.switch.last(Say, leg).prompts] == ["dienst-te-vaak", "dienst-einde"]
    world.switch.ends_prompt(leg)
    world.settle()
    assert world.last_fact(ContactEnded).outcome is Outcome.CLOSED
    assert [(note[0], note[2], note[3]) for note in world.desk.notes] == [
        ("unknown", "", AuditResult.REFUSED),
        ("sofie", "", AuditResult.REFUSED),
        ("sofie", "locked", AuditResult.REFUSED),
    ]


def test_an_agent_with_a_pin_is_refused_like_a_wrong_pin(world: ServiceWorld) -> None:
    leg = world.calls(NUMBER, SOFIE)
    world.presses(leg, "123456", "864209")
    world.tells_pin(leg, "anna")
    assert world.asked(leg) == ["dienst-onjuist", "dienst-code"]
    assert world.desk.notes[-1][3] is AuditResult.REFUSED


def test_a_message_is_recorded_heard_back_approved_and_in_use(world: ServiceWorld) -> None:
    leg = world.signs_in()
    world.presses(leg, "1")
    assert world.asked(leg) == ["dienst-kies-melding"]
    world.presses(leg, "1")
    assert world.asked(leg) == ["dienst-huidige-tekst", "welkom", "dienst-opnemen"]
    world.presses(leg, "1")
    started = world.switch.last(StartRecording, leg)
    assert started.party_only
    assert world.asked(leg) == ["dienst-inspreken"]
    world.messages.lengths[started.path.name] = 4.0
    world.presses(leg, "")
    assert world.switch.last(StopRecording, leg).path == started.path
    world.closes(leg)
    assert world.desk.prepares[-1].recording == started.path.name
    assert world.switch.last(Ask, leg).question.prompts == (
        PROMPTS["dienst-ingesproken"], PurePath("/library/welkom/3.wav"), PROMPTS["dienst-goedkeuren"],
    )  # fmt: skip
    world.presses(leg, "1")
    made = world.desk.makes[-1]
    assert (made.message, made.sound, made.by) == ("welkom", "welkom/3", "sofie")
    world.inbox.step(
        VersionMade(world.clock.now(), leg, made.asker.order_id, "welkom", 3, "welkom/3", "sofie", made.asker.origin)
    )
    world.settle()
    assert world.last_fact(MessageUsed).version == 3
    assert world.asked(leg) == ["dienst-in-gebruik", "dienst-menu"]
    next_caller = world.calls(builders.GENERAL)
    assert world.switch.last(Say, next_caller).prompts == (PurePath("/library/welkom/3.wav"),)
    assert world.last_fact(ServiceUsed) == ServiceUsed(
        world.clock.now(), world.contact(leg).contact_id, "sofie", "message-use", "message=welkom version=3"
    )


def test_an_approved_recording_is_used_although_the_caller_hung_up(world: ServiceWorld) -> None:
    leg = world.signs_in()
    world.records(leg)
    world.presses(leg, "1")
    made = world.desk.makes[-1]
    world.hangs_up(leg)
    world.inbox.step(VersionMade(world.clock.now(), leg, made.asker.order_id, "welkom", 1, "welkom/1", "sofie", ""))
    assert world.last_fact(MessageUsed).version == 1


def test_a_recording_that_is_thrown_away_or_left_changes_nothing(world: ServiceWorld) -> None:
    leg = world.signs_in()
    world.records(leg)
    world.presses(leg, "*")
    assert world.asked(leg) == ["dienst-menu"]
    world.hangs_up(leg)
    assert world.messages.removed
    assert not world.desk.makes
    assert not world.all_facts(MessageUsed)


def test_nothing_said_is_no_recording(world: ServiceWorld) -> None:
    leg = world.signs_in()
    world.records(leg, seconds=0.4)
    assert world.asked(leg) == ["dienst-te-kort", "dienst-huidige-tekst", "welkom", "dienst-opnemen"]


def test_a_version_that_could_not_be_made_is_told_and_changes_nothing(world: ServiceWorld) -> None:
    leg = world.signs_in()
    world.records(leg)
    world.presses(leg, "1")
    asker = world.desk.makes[-1].asker
    world.inbox.step(VersionMade(world.clock.now(), leg, asker.order_id, "welkom", 0, "", "sofie", asker.origin))
    assert world.asked(leg) == ["dienst-mislukt", "dienst-menu"]
    assert not world.all_facts(MessageUsed)


def test_the_emergency_message_is_switched_on_for_a_queue_and_off_again(world: ServiceWorld) -> None:
    leg = world.signs_in()
    world.presses(leg, "2", "1", "3")
    assert world.asked(leg) == [
        "dienst-een-wachtrij", "dienst-bellers-horen-eerst", "noodtekst-storing", "dienst-bevestigen",
    ]  # fmt: skip
    world.presses(leg, "1")
    fact = world.last_fact(EmergencySet)
    assert (fact.scope, fact.message, fact.by) == (builders.RECEPTIE, "noodtekst-storing", "sofie")
    assert fact.until == world.clock.now() + timedelta(hours=12)
    assert world.asked(leg) == ["dienst-staat-aan", "dienst-noodtekst-staat-aan", "dienst-menu"]
    world.presses(leg, "3")
    assert world.asked(leg) == ["dienst-een-wachtrij", "dienst-uitzetten", "dienst-bevestigen"]
    world.presses(leg, "1")
    assert world.last_fact(EmergencyEnded).scope == builders.RECEPTIE
    assert [note[1] for note in world.desk.notes] == ["phone-sign-in", "emergency-set", "emergency-end"]


def test_the_service_number_can_be_reached_while_a_message_is_on_everywhere(world: ServiceWorld) -> None:
    leg = world.signs_in()
    world.presses(leg, "2", "2", "1", "1")
    assert world.floor.emergencies[EVERYWHERE].until is None
    another = world.calls(NUMBER, SOFIE)
    assert world.asked(another) == ["dienst-code"]


def test_who_lost_the_role_during_the_call_changes_nothing(world: ServiceWorld) -> None:
    leg = world.signs_in()
    world.presses(leg, "2", "1", "1")
    users = {**world.floor.site.users, "sofie": replace(world.floor.site.users["sofie"], role="agent")}
    world.floor.site = replace(world.floor.site, users=users)
    world.presses(leg, "1")
    assert not world.all_facts(EmergencySet)
    assert world.desk.notes[-1][3] is AuditResult.FAILED
    assert [path.stem for path in world.switch.last(Say, leg).prompts] == ["dienst-mislukt", "dienst-einde"]


def test_three_unanswered_questions_end_the_call(world: ServiceWorld) -> None:
    leg = world.calls(NUMBER, SOFIE)
    world.presses(leg, "", "", "")
    assert [path.stem for path in world.switch.last(Say, leg).prompts] == ["dienst-einde"]


def test_a_core_that_starts_asks_for_the_code_again(world: ServiceWorld) -> None:
    leg = world.signs_in()
    world.restart_core()
    world.work.desk = world.desk
    world.presses(leg, "2")
    assert world.asked(leg) == ["dienst-code"]
    assert not world.all_facts(EmergencySet)


def test_a_check_that_is_never_answered_ends_in_the_question_again(world: ServiceWorld) -> None:
    leg = world.calls(NUMBER, SOFIE)
    world.presses(leg, "123456", "864209")
    world.work.timers.set(LeaseCheckDue(world.clock.now() + timedelta(seconds=10)))
    world.advance(25)
    assert world.asked(leg) == ["dienst-code"]


def test_a_number_that_was_taken_out_meanwhile_lets_the_caller_go(world: ServiceWorld) -> None:
    leg = world.signs_in()
    world.floor.site = replace(world.floor.site, service_line=None)
    world.presses(leg, "2")
    assert [path.stem for path in world.switch.last(Say, leg).prompts] == ["dienst-mislukt", "dienst-einde"]
