"""The softphone in the agent's page: Chromium with a microphone that plays a tone, real callers by the SBC."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect

from cxcore.domain.agent import AgentId
from cxcore.domain.commands import CallNumber, HoldContact, LogOff, LogOn, ParkContact, ResumeContact
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.network import Network
from tests.browser.softphone_stage import (
    CALLER,
    MICROPHONE,
    Desk,
    SoftphoneStage,
    both_hear,
    enter,
    microphone_file,
    seat,
    speaking_flags,
    talks,
    told,
    works,
)
from tests.browser.test_accessibility import check
from tests.contract.sip_peer import SipParty
from tests.contract.sound import G722, PCMA
from tests.system.stage import HOLD_MUSIC, until

ANNA = AgentId("anna")
RINGBACK, FIRST_OF_RING = 425, 660
CONTEXTS = (Path(__file__).parent / "sound_outputs.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser with a microphone."""
    flags = speaking_flags(microphone_file(tmp_path_factory.mktemp("microphone")))
    browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*ARGUMENTS, *flags])
    yield browser
    browser.close()


@contextmanager
def asleep() -> Iterator[None]:
    """The machine of the browser does nothing at all, and answers nobody."""
    sleeping = [each for each in psutil.Process().children(recursive=True) if "chrom" in each.name()]
    for each in sleeping:
        each.suspend()
    yield
    for each in reversed(sleeping):
        each.resume()


@pytest.fixture
def stage(shared_stage: SoftphoneStage) -> Iterator[SoftphoneStage]:
    yield shared_stage
    shared_stage.clear()


@pytest.fixture
def seat_of_anna(stage: SoftphoneStage, browser: Browser) -> Iterator[BrowserContext]:
    with seat(stage, browser) as context:
        yield context


@pytest.fixture
def anna(stage: SoftphoneStage, seat_of_anna: BrowserContext) -> Desk:
    """Anna at her page, ready."""
    return works(stage, seat_of_anna, "anna")


def test_agent_answers_in_the_page_and_both_hear_each_other(stage: SoftphoneStage, anna: Desk) -> None:
    caller = talks(stage, anna)
    assert anna.page.evaluate("softphoneSpy.codecs()") == "audio/opus audio/opus"

    stage.does(HoldContact("anna", ANNA))
    caller.rtp.hear_among(min(HOLD_MUSIC))
    anna.hears(None)
    stage.does(ResumeContact("anna", ANNA))
    both_hear(anna, caller)

    anna.page.keyboard.press("Alt+m")
    assert caller.rtp.wait_silence()
    anna.page.keyboard.press("Alt+m")
    caller.rtp.hear_tone(MICROPHONE)

    anna.page.keyboard.press("Alt+k")
    anna.page.locator('[data-digit="5"]').click()
    anna.page.locator('[data-digit="#"]').click()
    until(lambda: caller.rtp.digits == ["5", "#"], "the caller hears the keys")

    anna.page.keyboard.press("Alt+o")
    assert caller.wait_ended()
    anna.is_call("")


def test_way_of_the_sound_is_laid_while_it_rings_and_the_microphone_waits_for_the_answer(
    stage: SoftphoneStage, anna: Desk
) -> None:
    caller = stage.waits(CALLER)
    anna.rings()
    anna.is_connected()
    assert anna.page.evaluate("softphoneSpy.microphones()") == []
    laid = anna.page.evaluate("softphoneSpy.connections.length")
    anna.answers()
    both_hear(anna, caller)
    assert anna.page.evaluate("softphoneSpy.connections.length") == laid, "the call takes the way that was laid"


def test_call_is_answered_by_another_way_when_the_one_that_was_laid_is_gone(stage: SoftphoneStage, anna: Desk) -> None:
    caller = stage.waits(CALLER)
    anna.rings()
    anna.is_connected()
    anna.page.evaluate("softphoneSpy.connections.at(-1).close()")
    anna.answers()
    both_hear(anna, caller)


def test_caller_who_hangs_up_while_it_rings_leaves_no_connection(stage: SoftphoneStage, anna: Desk) -> None:
    caller = stage.waits(CALLER)
    anna.rings()
    caller.bye()
    anna.is_call("")
    anna.is_disconnected()




def test_caller_with_g722_stays_with_it_and_the_browser_with_opus(stage: SoftphoneStage, anna: Desk) -> None:
    """rtpengine makes one of the other; the switch passes G.722 on, so that the whole band is heard."""
    caller = talks(stage, anna, codecs=(PCMA, G722))
    assert anna.page.evaluate("softphoneSpy.codecs()") == "audio/opus audio/opus"
    esl = stage.engine.login()
    names = [line.split(",")[0] for line in esl.api("show channels").splitlines()[1:] if "," in line]
    codecs = {esl.variable(name, "rtp_use_codec_name") for name in names}
    esl.close()
    assert codecs == {"G722"}
    both_hear(anna, caller)


def test_caller_who_hangs_up_ends_the_call_in_the_page(stage: SoftphoneStage, anna: Desk) -> None:
    caller = talks(stage, anna)
    caller.bye()
    anna.is_call("")
    stage.sees("anna", "wrap-up")


def test_given_a_call_when_the_page_is_loaded_again_then_the_call_goes_on(stage: SoftphoneStage, anna: Desk) -> None:
    caller = talks(stage, anna)
    anna.page.reload()
    caller.rtp.hear_among(min(HOLD_MUSIC), 8.0)
    anna.is_call("talking")
    both_hear(anna, caller)
    assert stage.agent("anna").state == "talking"


def test_given_a_call_when_rtpengine_dies_and_is_started_anew_then_both_hear_each_other_again(
    stage: SoftphoneStage, anna: Desk
) -> None:
    caller = talks(stage, anna)
    stage.part_dies("rtpengine")
    both_hear(anna, caller)
    anna.page.keyboard.press("Alt+o")
    assert caller.wait_ended()


def test_given_a_machine_that_slept_when_it_wakes_then_the_call_goes_on(
    stage: SoftphoneStage, anna: Desk, browser: Browser
) -> None:
    caller = talks(stage, anna)
    with asleep():
        caller.rtp.hear_among(min(HOLD_MUSIC), 14.0)
    both_hear(anna, caller, 15.0)
    assert stage.agent("anna").state == "talking"
    caller.bye()
    anna.is_call("")


def test_second_tab_waits_and_takes_the_call_over_when_asked(
    stage: SoftphoneStage, anna: Desk, seat_of_anna: BrowserContext
) -> None:
    caller = talks(stage, anna)
    second = Desk(seat_of_anna.new_page())
    second.page.goto(anna.page.url)
    second.is_fault("other-tab")
    assert told(second)["softphone-why"] == "De softphone is in gebruik in een ander tabblad."
    second.page.get_by_role("button", name="Hier gebruiken").click()
    second.is_call("talking")
    both_hear(second, caller)
    anna.is_fault("other-tab")
    anna.is_call("")

    second.page.close()
    anna.is_call("talking")
    both_hear(anna, caller)


def test_second_computer_waits_and_the_page_that_has_the_softphone_is_rung_until_the_other_is_asked_to_be_it(
    stage: SoftphoneStage, anna: Desk, browser: Browser
) -> None:
    with seat(stage, browser) as context:
        second = enter(stage, context, "anna")
        second.is_fault("elsewhere")
        caller = talks(stage, anna)
        second.is_call("")
        second.page.get_by_role("button", name="Hier gebruiken").click()
        second.is_call("talking")
        both_hear(second, caller)
        anna.is_fault("elsewhere")
        anna.is_call("")


@pytest.mark.parametrize("same_browser", [True, False])
def test_contact_that_rings_elsewhere_is_answered_here_at_one_press(
    stage: SoftphoneStage, anna: Desk, seat_of_anna: BrowserContext, browser: Browser, same_browser: bool
) -> None:
    with seat(stage, browser) as other:
        second = Desk((seat_of_anna if same_browser else other).new_page())
        if same_browser:
            second.page.goto(anna.page.url)
        else:
            second = enter(stage, other, "anna")
        second.is_fault("other-tab" if same_browser else "elsewhere")
        caller = stage.waits(CALLER)
        second.is_mode("offered")
        where = "in een ander tabblad" if same_browser else "op een andere computer"
        expect(second.page.locator("[role=status] > #softphone-there")).to_have_text(f"Gaat over {where}.")
        expect(second.page.locator("#softphone-answer")).to_contain_text("Hier opnemen")
        second.page.keyboard.press("Alt+a")
        second.is_mode("talking")
        both_hear(second, caller)
        anna.is_fault("other-tab" if same_browser else "elsewhere")
        caller.bye()
        second.is_call("")


def test_agent_who_becomes_available_at_another_computer_is_rung_there(
    stage: SoftphoneStage, anna: Desk, browser: Browser
) -> None:
    with seat(stage, browser) as other:
        second = enter(stage, other, "anna")
        second.is_fault("elsewhere")
        stage.does(LogOff("anna", ANNA))
        second.is_mode("off")
        second.page.keyboard.press("Alt+b")
        second.is_fault("")
        anna.is_fault("elsewhere")
        caller = stage.waits(CALLER)
        second.answers()
        both_hear(second, caller)
        caller.bye()
        second.is_call("")


def test_closed_tab_is_never_rung_and_the_agent_and_others_see_why(
    stage: SoftphoneStage, anna: Desk, seat_of_anna: BrowserContext
) -> None:
    anna.page.close()
    until(lambda: stage.agent("anna").device_fault == "no-page", "the core knows that the page is gone", 3)
    caller = stage.waits()
    caller.rtp.hear(1.0)
    assert stage.agent("anna").state == "ready"
    assert stage.contacts()[0].offered_to is None

    again = Desk(seat_of_anna.new_page())
    again.page.goto(f"http://127.0.0.1:{stage.web_port}/agent")
    again.answers()
    both_hear(again, caller)


def test_page_that_goes_while_it_rings_gives_the_contact_to_a_colleague(
    stage: SoftphoneStage, anna: Desk, browser: Browser
) -> None:
    caller = stage.waits(CALLER)
    anna.is_mode("offered")
    with seat(stage, browser) as context:
        bram = works(stage, context, "bram")
        anna.page.close()
        bram.answers()
        both_hear(bram, caller)


def test_agent_without_a_microphone_is_not_offered_contacts_and_reads_why(
    stage: SoftphoneStage, playwright: Playwright
) -> None:
    flags = [flag for flag in ARGUMENTS if "media-stream" not in flag]
    deaf = playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)
    with seat(stage, deaf) as context:
        desk = enter(stage, context, "anna")
        desk.is_fault("no-microphone")
        assert "geen microfoon" in told(desk)["softphone-why"]
        assert told(desk)["microphone-mark"] == "microfoon ✗"
        stage.does(LogOn("anna", ANNA))
        stage.waits()
        until(lambda: stage.agent("anna").device_fault == "no-microphone", "the core knows why")
        assert stage.contacts()[0].offered_to is None
    deaf.close()


def test_agent_whose_sound_does_not_come_through_reads_why_and_is_offered_contacts_once_it_does(
    stage: SoftphoneStage, seat_of_anna: BrowserContext
) -> None:
    network = Network(stage)
    with network.mute():
        desk = enter(stage, seat_of_anna, "anna")
        desk.is_fault("no-media")
        assert "Geluid komt op dit netwerk niet door" in told(desk)["softphone-why"]
        until(lambda: stage.agent("anna").device_fault == "no-media", "the core knows why")
        stage.does(LogOn("anna", ANNA))
        caller = stage.waits(CALLER)
        assert stage.contacts()[0].offered_to is None
    desk.answers()
    both_hear(desk, caller)
    network.close()


def test_given_a_network_that_is_lost_for_20_seconds_then_the_call_goes_on_and_no_dead_page_is_rung(
    stage: SoftphoneStage, playwright: Playwright, tmp_path: Path
) -> None:
    network = Network(stage)
    flags = [*ARGUMENTS, *speaking_flags(microphone_file(tmp_path)), *network.flags]
    away = playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)
    with seat(stage, away) as context, seat(stage, away) as other:
        anna = works(stage, context, "anna")
        caller = talks(stage, anna)
        bram = works(stage, other, "bram")
        with network.lost():
            until(lambda: stage.agent("bram").device_fault == "no-page", "the core knows that Bram's page is away", 20)
            second = stage.waits()
            caller.rtp.hear_among(min(HOLD_MUSIC), 20.0)
            time.sleep(4)
            assert stage.agent("bram").state == "ready"
        both_hear(anna, caller)
        bram.answers()
        both_hear(bram, second)
        assert stage.agent("anna").state == "talking"
    away.close()
    network.close()


def test_given_a_direct_call_when_the_page_is_loaded_again_then_the_call_goes_on(
    stage: SoftphoneStage, anna: Desk
) -> None:
    caller = stage.calls("+31715550111")
    caller.rtp.say(CALLER)
    anna.answers("direct")
    both_hear(anna, caller)
    anna.page.reload()
    caller.rtp.hear_among(min(HOLD_MUSIC), 8.0)
    both_hear(anna, caller)


def test_agent_who_calls_out_in_the_page_hears_that_it_rings_until_the_other_side_answers(
    stage: SoftphoneStage, anna: Desk, trunk: SipParty
) -> None:
    stage.does(CallNumber("anna", ANNA, "0612340000"))
    called = trunk.expect_call()
    called.progress()  # silent media, as Teams sends it
    anna.is_call("talking")
    anna.hears(RINGBACK)
    called.answer()
    called.rtp.say(CALLER)
    both_hear(anna, called)


def sounds(desk: Desk, output: str | None, hertz: int) -> bool:
    """Whether the page plays this tone above others on a sound output."""
    found: list[float] = desk.page.evaluate("(output) => hertzOn(output)", output)
    return any(abs(each - hertz) < 25 for each in found)


def test_settings_move_ring_and_call_to_other_outputs_and_the_call_to_another_microphone(
    stage: SoftphoneStage, seat_of_anna: BrowserContext
) -> None:
    seat_of_anna.add_init_script(CONTEXTS)
    anna = works(stage, seat_of_anna, "anna")
    page = anna.page
    page.locator("#softphone-status").click()
    until(lambda: page.evaluate("document.getElementById('softphone-level').value > 0.1"), "the level shows sound")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        check(page)
    chosen = {}
    for at, name in enumerate(("ringer", "speaker"), start=1):
        chosen[name] = page.locator(f"#softphone-{name} option").nth(at).get_attribute("value")
        page.locator(f"#softphone-{name}").select_option(value=chosen[name])
    page.locator("#softphone-echo").click()
    until(lambda: sounds(anna, chosen["speaker"], MICROPHONE), "Anna hears herself")
    page.locator("#softphone-dialog form button").click()

    caller = stage.waits(CALLER)
    until(lambda: sounds(anna, chosen["ringer"], FIRST_OF_RING), "it rings where she chose")
    anna.answers()
    both_hear(anna, caller)
    page.locator("#softphone-status").click()
    page.locator("#softphone-microphone").select_option(index=2)
    page.locator("#softphone-dialog form button").click()
    until(lambda: page.evaluate("softphoneSpy.microphones()") == ["live"], "the call goes on by the other microphone")
    caller.rtp.hear_tone(MICROPHONE)


def test_parked_caller_is_picked_up_at_one_press_and_the_next_is_answered_by_itself(
    stage: SoftphoneStage, anna: Desk, browser: Browser
) -> None:
    with seat(stage, browser) as context:
        context.add_init_script("localStorage.setItem('cx-auto-answer', 'yes')")
        caller = talks(stage, anna)
        bram = enter(stage, context, "bram")
        bram.is_fault("")
        stage.does(ParkContact("anna", ANNA, AgentId("bram")))
        caller.rtp.hear_among(min(HOLD_MUSIC))
        bram.page.wait_for_selector("#parked-list button")
        bram.page.keyboard.press("Alt+g")
        both_hear(bram, caller)
        caller.bye()
        bram.is_call("")
        bram.page.keyboard.press("Alt+n")
        bram.page.keyboard.press("Alt+b")
        bram.is_mode("ready")
        stage.does(LogOff("anna", ANNA))
        both_hear(bram, stage.waits(CALLER))
