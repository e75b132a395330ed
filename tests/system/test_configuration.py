"""An administrator changes the menu while a caller is in it: that caller goes on, the next one hears the new menu."""

from __future__ import annotations

import pytest

from cxcore.dialplan.editing import edited
from cxcore.domain.commands import ActivateConfiguration
from cxcore.ports.configurations import Draft
from cxcore.ports.site_texts import Edit
from cxcore.runner.clock import SystemClock
from tests.contract.sip_peer import Call
from tests.system.stage import GENERAL, HOLD_MUSIC, LATER, MENU, Stage, until

pytestmark = pytest.mark.system


def in_menu(stage: Stage) -> Call:
    caller = stage.calls(GENERAL)
    caller.wait_answered()
    caller.rtp.hear_tone(MENU)
    return caller


def key_1_says_later(stage: Stage) -> None:
    """What the page does: store a version made from the present one, and ask the core to put it into use."""
    with stage.storage() as storage:
        head = storage.configurations.head()
        assert head is not None
        later = [{"say": "bel-later-terug"}, "close"]
        edits = [
            Edit(("flows", "later"), later),
            Edit(("flows", "hoofdmenu", "2", "menu", "choices", "1"), "later"),
        ]
        text, now = edited(storage.configurations.text(head.number), edits), SystemClock().now()
        version = storage.configurations.add(Draft(now, "aad", "toets 1", text, head.number, now), head.number)
    stage.does(ActivateConfiguration("aad", version.number))


def test_menu_changes_under_a_caller_and_the_change_outlives_the_core(stage: Stage) -> None:
    before = in_menu(stage)
    key_1_says_later(stage)
    before.rtp.press("1")
    before.rtp.hear_tones(set(HOLD_MUSIC))
    after = in_menu(stage)
    after.rtp.press("1")
    after.rtp.hear_tone(LATER)
    stage.kill_core()
    stage.restart_core()
    until(lambda: stage.queue().waiting == 1, "who waited waits on")
    restarted = in_menu(stage)
    restarted.rtp.press("1")
    restarted.rtp.hear_tone(LATER)
