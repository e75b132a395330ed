#!/usr/bin/env python3
"""Whether the agent's page grows over a day of softphone calls: Chromium, Kamailio, rtpengine, a real engine.

    scripts/bench_softphone_day.py softswitch
    scripts/bench_softphone_day.py freeswitch --json --calls 200

Each call is offered, answered in the page by WebRTC, heard, ended by caller and agent in turn, and wrapped up. Counted
before and after, each after a forced garbage collection: the JavaScript heap, nodes of the document, and objects that
live: RTCPeerConnection, AudioContext, MediaStream, audio elements, WebSocket. Thirty calls come first: they fill
caches and the first page of the list of calls.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, CDPSession, sync_playwright

from scripts.benchmarks.command_line import options_of, tell
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.softphone_stage import (
    CALLER,
    MICROPHONE,
    Desk,
    SoftphoneStage,
    microphone_file,
    speaking_flags,
    works,
)
from tests.contract import engines
from tests.system.conftest import on_stage

WARM_CALLS = 30
SPEAK_MILLISECONDS = 1500
"""rtpengine holds the ports of a call for half a minute after it, and the stage has a hundred."""
LOOK_EACH = 50
"""Calls; whether what grows goes on to grow is seen between the first and the last look."""
KINDS = ("RTCPeerConnection", "AudioContext", "MediaStream", "HTMLAudioElement", "WebSocket")


def one_call(stage: SoftphoneStage, desk: Desk, agent_hangs_up: bool) -> None:
    """From the offer to the end of wrap-up; raises when the agent is not heard."""
    caller = stage.waits(CALLER)
    desk.answers()
    caller.rtp.hear_tone(MICROPHONE)
    desk.is_call("talking")
    desk.page.wait_for_timeout(SPEAK_MILLISECONDS)
    if agent_hangs_up:
        desk.page.keyboard.press("Alt+o")
        if not caller.wait_ended():
            raise TimeoutError("the caller's leg does not end")
    else:
        caller.bye()
    desk.is_call("")
    desk.is_mode("ready")  # by itself, after a second of wrap-up


def size(session: CDPSession) -> dict[str, int]:
    """What lives after a garbage collection."""
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
        time.sleep(0.3)
    heap = session.send("Runtime.getHeapUsage")["usedSize"]
    counted = {"heap_kilobytes": round(heap / 1000), "nodes": session.send("Memory.getDOMCounters")["nodes"]}
    return counted | {kind: living(session, kind) for kind in KINDS}


def living(session: CDPSession, kind: str) -> int:
    """How many objects of this kind the page has."""
    found = session.send("Runtime.evaluate", {"expression": f"{kind}.prototype", "objectGroup": "bench"})
    prototype = {"prototypeObjectId": found["result"]["objectId"], "objectGroup": "bench"}
    listed = session.send("Runtime.queryObjects", prototype)["objects"]["objectId"]
    count = {"functionDeclaration": "function() { return this.length }", "objectId": listed}
    length = session.send("Runtime.callFunctionOn", count)
    session.send("Runtime.releaseObjectGroup", {"objectGroup": "bench"})
    return int(length["result"]["value"])


def day(stage: SoftphoneStage, browser: Browser, calls: int) -> dict[str, object]:
    """What lives before and after so many calls, and the heap every so many calls between."""
    context = browser.new_context(locale="nl-NL", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(20_000)
    context.grant_permissions(["microphone"], origin=f"http://127.0.0.1:{stage.web_port}")
    desk = works(stage, context, "anna")
    session = context.new_cdp_session(desk.page)
    for number in range(WARM_CALLS):
        one_call(stage, desk, number % 2 == 0)
    sizes = [size(session)]
    for number in range(1, calls + 1):
        one_call(stage, desk, number % 2 == 0)
        if number % LOOK_EACH == 0 or number == calls:
            sizes.append(size(session))
    context.close()
    heaps = [each["heap_kilobytes"] for each in sizes]
    return {"before": sizes[0], "after": sizes[-1], f"heap_each_{LOOK_EACH}_calls": heaps}


def measure(engine: str, calls: int) -> dict[str, object]:
    """Everything, and the load of the machine meanwhile."""
    with TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        site = engines.prepare_site(folder / "engine", "127.0.0.1:9", "+31715550199")
        flags = [*ARGUMENTS, *speaking_flags(microphone_file(folder))]
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        with engines.running(engine, site) as running, on_stage(SoftphoneStage(running, folder)) as plain:
            counted = day(cast(SoftphoneStage, plain), browser, calls)
        browser.close()
    return {"engine": engine, "calls": calls, **counted, "load": round(os.getloadavg()[0], 1)}


def main() -> None:
    """Print what was counted; ends with 3 when the engine is not installed."""
    options = options_of(__doc__, ("--calls", 200, "calls over which growth is measured"))
    tell(measure(options.engine, options.count), options.json)


if __name__ == "__main__":
    main()
