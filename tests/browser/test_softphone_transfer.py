"""Consultation and transfer between two real browsers, by keyboard, with real sound: who hears whom, and who drops out.

Anna says 700 Hz, the caller 1230 Hz, Bram 1700 Hz in a browser of his own; a number outside says 2150 Hz.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Playwright, expect

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import LogOff, LogOn
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.softphone_stage import (
    CALLER,
    COLLEAGUE,
    MICROPHONE,
    Desk,
    SoftphoneStage,
    both_hear,
    enter,
    microphone_file,
    seat,
    speaking_flags,
    talks,
)
from tests.contract.sip_peer import Call, SipParty
from tests.system.stage import HOLD_MUSIC, until

RINGBACK, OUTSIDE = 425, 2150


@pytest.fixture(scope="module")
def browsers(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, Browser]]:
    """Two, with microphones that say different things."""
    made = []
    for hertz in (MICROPHONE, COLLEAGUE):
        flags = speaking_flags(microphone_file(tmp_path_factory.mktemp("microphone"), hertz))
        made.append(playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*ARGUMENTS, *flags]))
    yield made[0], made[1]
    for browser in made:
        browser.close()


@dataclass
class Pair:
    """Anna, who is available, and Bram, who is logged off: only a colleague reaches him."""

    stage: SoftphoneStage
    anna: Desk
    bram: Desk

    def search(self, name: str, key: str) -> None:
        """Anna passes the contact on: to whom, and by which key."""
        page = self.anna.page
        page.keyboard.press("Alt+d")
        page.locator("#transfer-query").fill(name)
        expect(page.locator("#transfer-hits [role=option]")).to_have_count(1)
        page.keyboard.press(key)

    def consults(self, step: str) -> Call:
        """A caller with Anna, who consults Bram, up to this step."""
        caller = talks(self.stage, self.anna)
        self.search("bram", "Enter")
        self.anna.is_mode("consulting")
        self.bram.rings()
        if step != "ringing":
            self.bram.page.keyboard.press("Alt+a")
            self.anna.hears(COLLEAGUE)
            self.bram.hears(MICROPHONE)
        if step == "together":
            self.anna.page.keyboard.press("Alt+s")
            hears_both(caller)
        return caller

    def is_over(self) -> None:
        """Wait until both are free, and Anna is available."""
        until(lambda: not self.stage.contacts(), "every contact is over", 15)
        self.anna.is_mode("ready")
        self.bram.is_mode("off")


def hears_both(caller: Call) -> None:
    """Two who speak at once are loud enough to be cut off, which makes tones of its own: others do not count."""
    caller.rtp.hear_among(MICROPHONE)
    caller.rtp.hear_among(COLLEAGUE)


@pytest.fixture(scope="module")
def shared_pair(shared_stage: SoftphoneStage, browsers: tuple[Browser, Browser]) -> Iterator[Pair]:
    """Both signed in; for all tests of an engine."""
    with seat(shared_stage, browsers[0]) as one, seat(shared_stage, browsers[1]) as other:
        yield Pair(shared_stage, enter(shared_stage, one, "anna"), enter(shared_stage, other, "bram"))


@pytest.fixture
def pair(shared_pair: Pair) -> Iterator[Pair]:
    stage = shared_pair.stage
    for name, desk in (("anna", shared_pair.anna), ("bram", shared_pair.bram)):
        reopen(desk, f"http://127.0.0.1:{stage.web_port}/agent")
        until(lambda name=name: stage.is_ready(name), f"{name}'s softphone is ready", 30)  # type: ignore[misc]
    stage.does(LogOn("anna", AgentId("anna")))
    shared_pair.anna.is_mode("ready")
    yield shared_pair
    stage.clear()


def reopen(desk: Desk, address: str) -> None:
    """A page that a test closed is there again."""
    if desk.page.is_closed():
        desk.page = desk.page.context.new_page()
        desk.page.goto(address)
    desk.is_fault("")


def test_agent_consults_swaps_joins_and_takes_back_and_each_hears_whom_it_should(pair: Pair) -> None:
    caller = talks(pair.stage, pair.anna)
    pair.search("bram", "Enter")
    pair.anna.hears(RINGBACK)
    caller.rtp.hear_among(min(HOLD_MUSIC))
    pair.bram.answers("consulted")
    pair.anna.hears(COLLEAGUE)
    pair.bram.hears(MICROPHONE)
    pair.anna.page.keyboard.press("Alt+w")
    both_hear(pair.anna, caller)
    pair.bram.hears_music()
    pair.anna.page.keyboard.press("Alt+s")
    hears_both(caller)
    pair.anna.hears_all(CALLER, COLLEAGUE)
    pair.bram.hears_all(CALLER, MICROPHONE)
    pair.anna.page.keyboard.press("Alt+t")
    pair.bram.is_call("")
    both_hear(pair.anna, caller)
    caller.bye()


def leaves_by_key(desk: Desk, call: Call) -> None:
    desk.page.keyboard.press("Alt+o")


def closes(desk: Desk, call: Call) -> None:
    desk.page.close()


@pytest.mark.parametrize("step", ["ringing", "with-target", "together"])
@pytest.mark.parametrize("leaves", [leaves_by_key, closes])
def test_colleague_who_drops_out_leaves_the_caller_with_the_agent(
    pair: Pair, step: str, leaves: Callable[[Desk, Call], None]
) -> None:
    caller = pair.consults(step)
    if step == "ringing" and leaves is leaves_by_key:
        pair.bram.page.keyboard.press("Alt+r")
    else:
        leaves(pair.bram, caller)
    both_hear(pair.anna, caller, 40.0)  # a page that goes is given some seconds to come back
    pair.anna.is_mode("talking")


@pytest.mark.parametrize("step", ["ringing", "with-target", "together"])
def test_agent_whose_page_goes_leaves_the_caller_with_the_colleague(pair: Pair, step: str) -> None:
    caller = pair.consults(step)
    pair.anna.page.close()
    if step == "ringing":
        caller.rtp.hear_among(min(HOLD_MUSIC))
        pair.bram.answers()
    caller.rtp.hear_tone(COLLEAGUE)
    pair.bram.hears(CALLER)
    pair.bram.is_mode("talking")


@pytest.mark.parametrize("step", ["ringing", "with-target", "together"])
def test_caller_who_drops_out_frees_both(pair: Pair, step: str) -> None:
    pair.consults(step).bye()
    pair.anna.is_call("")
    pair.bram.is_call("")
    pair.is_over()


def test_contact_is_handed_over_after_a_consultation_and_passed_on_at_once_to_agent_and_queue(pair: Pair) -> None:
    caller = pair.consults("together")
    pair.anna.page.keyboard.press("Alt+v")
    pair.anna.is_call("")
    pair.bram.is_mode("talking")
    caller.rtp.hear_tone(COLLEAGUE)
    caller.bye()
    pair.bram.page.keyboard.press("Alt+n")
    pair.is_over()
    caller = talks(pair.stage, pair.anna)
    pair.search("bram", "Shift+Enter")
    caller.rtp.hear_among(min(HOLD_MUSIC))
    pair.bram.answers()
    caller.rtp.hear_tone(COLLEAGUE)
    expect(pair.anna.page.locator("#notices")).to_contain_text("Bram Jansen heeft uw beller opgenomen.")
    pair.stage.does(LogOff("anna", AgentId("anna")))
    caller.bye()
    pair.bram.page.keyboard.press("Alt+n")
    pair.bram.page.keyboard.press("Alt+b")
    pair.bram.is_mode("ready")


@pytest.mark.parametrize(("name", "number"), [("0612340000", "+31612340000"), ("notaris", "+31612340001")])
def test_agent_hears_ringback_until_somebody_outside_answers_also_over_the_silence_that_teams_sends(
    pair: Pair, trunk: SipParty, name: str, number: str
) -> None:
    caller = talks(pair.stage, pair.anna)
    pair.search(name, "Enter")
    outside = trunk.expect_call()
    assert outside.invite is not None and number in outside.invite.start
    outside.progress()  # silent media, as Teams sends it
    pair.anna.hears(RINGBACK)
    outside.answer()
    outside.rtp.say(OUTSIDE)
    pair.anna.hears(OUTSIDE)
    pair.anna.page.keyboard.press("Alt+v")
    pair.anna.is_call("")
    caller.rtp.hear_tone(OUTSIDE)
    outside.rtp.hear_tone(CALLER)
    caller.bye()


def test_caller_passed_on_outside_at_once_comes_back_in_front_when_it_is_busy(pair: Pair, trunk: SipParty) -> None:
    caller = talks(pair.stage, pair.anna)
    pair.search("notaris", "Shift+Enter")
    outside = trunk.expect_call()
    pair.anna.is_call("")
    caller.rtp.hear_among(min(HOLD_MUSIC))
    outside.reject(486)
    pair.anna.page.keyboard.press("Alt+n")
    pair.anna.answers()
    both_hear(pair.anna, caller)
    pair.search("burgerzaken", "Shift+Enter")
    caller.rtp.hear_among(min(HOLD_MUSIC))
    pair.anna.page.keyboard.press("Alt+n")
    pair.anna.answers()
    both_hear(pair.anna, caller)
    caller.bye()


def test_supervisor_listens_by_one_click_in_another_tab_than_the_softphone(
    pair: Pair, browsers: tuple[Browser, Browser]
) -> None:
    stage, anna = pair.stage, pair.anna
    caller = talks(stage, anna)
    with seat(stage, browsers[1]) as context:
        floor = enter(stage, context, "sofie").page
        softphone = Desk(context.new_page())
        softphone.page.goto(f"http://127.0.0.1:{stage.web_port}/agent")
        softphone.is_fault("")
        until(lambda: stage.is_ready("sofie"), "the core knows that her softphone is ready")
        floor.get_by_role("button", name="Anna de Vries").click()
        floor.get_by_role("dialog", name="Anna de Vries").get_by_role("button", name="Influisteren").click()
        expect(floor.locator("#own-listening-words")).to_contain_text("u fluistert in", timeout=10_000)
        softphone.hears_all(CALLER, MICROPHONE)
        anna.hears_all(CALLER, COLLEAGUE)
        caller.rtp.hear_tone(MICROPHONE, 10)
