"""Who is writing in a chat and what was read: shown to the other side, and kept nowhere."""

from __future__ import annotations

from datetime import timedelta

from cxcore.domain import commands
from cxcore.feed import chat_rows
from cxcore.feed.floor_rows import FloorProjector, everything
from cxcore.feed.picture import LivePicture
from cxcore.ports.controller import ChatRow, Subject
from tests.unit.services.test_chats import ANNA, BRAM, C1, C2, accepts, in_talk_with_anna, starts
from tests.unit.world import World


def shown(world: World) -> ChatRow:
    row = chat_rows.chat_row(world.floor, C1)
    assert row is not None
    return row


def test_each_side_sees_for_six_seconds_that_the_other_writes_and_nothing_is_stored() -> None:
    world = in_talk_with_anna()
    facts, begun = len(world.facts), world.clock.now()
    world.does(commands.TypeInChat("customer", C1))
    world.advance(2)
    world.does(commands.TypeAnswer("anna", ANNA))

    assert shown(world).customer_writes_until == begun + timedelta(seconds=6)
    assert shown(world).agent_writes_until == begun + timedelta(seconds=8)
    assert len(world.facts) == facts


def test_line_that_is_sent_ends_the_writing_of_its_author_only() -> None:
    world = in_talk_with_anna()
    world.does(commands.TypeInChat("customer", C1))
    world.does(commands.TypeAnswer("anna", ANNA))
    world.does(commands.AnswerChat("anna", ANNA, "Zeker."))
    assert shown(world).agent_writes_until is None
    assert shown(world).customer_writes_until is not None


def test_screens_are_told_without_a_fact_and_once() -> None:
    world = in_talk_with_anna()
    picture = LivePicture()
    projector = FloorProjector(world.floor, picture, world.clock)
    assert (Subject.CHAT, C1) in everything(world.floor)
    world.does(commands.TypeInChat("customer", C1))
    projector.show_touched_chats()
    before = picture.picture()
    projector.show_touched_chats()

    row = before.rows[Subject.CHAT, C1]
    assert isinstance(row, ChatRow)
    assert row.customer_writes_until is not None
    assert picture.picture().number == before.number


def test_customer_has_read_what_the_page_showed_and_never_less_or_more_than_there_is() -> None:
    world = in_talk_with_anna()
    world.does(commands.AnswerChat("anna", ANNA, "Zeker."))
    for read in (1, 2, 1, 7):
        world.does(commands.SeeChat("customer", C1, read))
    assert shown(world).read == 2


def test_writing_of_somebody_without_a_chat_changes_nothing() -> None:
    world = in_talk_with_anna()
    world.does(commands.TypeAnswer("bram", BRAM))
    world.does(commands.HangUpContact("anna", ANNA))
    world.does(commands.TypeInChat("customer", C1))
    world.does(commands.NoteRead("whatsapp", C1, 1))
    assert shown(world).customer_writes_until is None
    assert shown(world).read == 1


def test_customer_who_waits_writes_unseen_until_an_agent_takes_the_chat() -> None:
    world = in_talk_with_anna()
    world.does(commands.HangUpContact("anna", ANNA))
    starts(world, C2)
    world.does(commands.TypeInChat("customer", C2))
    accepts(world, BRAM)
    row = chat_rows.chat_row(world.floor, C2)
    assert row is not None
    assert row.customer_writes_until is not None
