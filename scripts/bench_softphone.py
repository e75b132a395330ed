#!/usr/bin/env python3
"""How soon both hear each other after an agent's click in the page: Chromium, Kamailio, rtpengine, a real engine.

    scripts/bench_softphone.py softswitch
    scripts/bench_softphone.py freeswitch --json --samples 50

Counts from the press of Alt+A in the page to the first sound at each side, whichever hears last. Prints percentiles.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import sync_playwright

from scripts.bench_calls import spread
from scripts.benchmarks.command_line import options_of, tell
from scripts.benchmarks.sound import is_tone
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.softphone_stage import (
    CALLER,
    MICROPHONE,
    Desk,
    SoftphoneStage,
    seat,
    speaking_flags,
    works,
)
from tests.contract import engines
from tests.contract.sip_peer import Call
from tests.contract.sound import tone, write_wav
from tests.system.conftest import on_stage

PCMA = 8
"""Its payload type (RFC 3551, 6)."""
LONGEST_SECONDS = 8.0


def one_call(stage: SoftphoneStage, desk: Desk) -> float:
    """Seconds from the click until both hear each other."""
    caller = stage.waits(CALLER)
    desk.page.wait_for_selector("#softphone-answer:not([disabled])")
    clicked = time.monotonic()
    page_heard = desk.page.evaluate("softphoneSpy.answerAndListen()") / 1000
    caller_heard = first_sound(caller, clicked) - clicked
    caller.bye()
    desk.is_call("")
    desk.is_mode("wrap-up")
    desk.page.keyboard.press("Alt+n")
    desk.is_mode("ready")
    return max(page_heard, caller_heard)


def first_sound(caller: Call, since: float) -> float:
    """When the caller heard the agent first, and the music no longer."""
    while time.monotonic() - since < LONGEST_SECONDS:
        for packet in [each for each in caller.rtp.packets if each.arrived > since and each.payload_type == PCMA]:
            if is_tone(packet.payload, MICROPHONE):
                return packet.arrived
        time.sleep(0.01)
    raise TimeoutError(f"the caller heard nothing in {LONGEST_SECONDS} s")


def measure(engine: str, samples: int) -> list[float]:
    """The seconds of each call."""
    with TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        site = engines.prepare_site(folder / "engine", "127.0.0.1:9", "+31715550199")
        sound = write_wav(folder / "microphone.wav", tone(MICROPHONE, 1.0, amplitude=0.5))
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*ARGUMENTS, *speaking_flags(sound)])
        with engines.running(engine, site) as running, on_stage(SoftphoneStage(running, folder)) as plain:
            stage = cast(SoftphoneStage, plain)
            with seat(stage, browser) as context:
                desk = works(stage, context, "anna")
                measured = [one_call(stage, desk) for _ in range(samples)]
        browser.close()
    return measured


def main() -> None:
    """Print the percentiles; ends with 3 when the engine is not installed."""
    options = options_of(__doc__, ("--samples", 30, "calls"))
    tell({"click_to_both_hear_ms": spread(measure(options.engine, options.count))}, options.json)


if __name__ == "__main__":
    main()
