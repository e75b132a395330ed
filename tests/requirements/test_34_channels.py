"""Requirement 34: telephony, web chat of several websites, and WhatsApp. E-mail and social media are not there yet."""

from __future__ import annotations

from dataclasses import replace

from cxcore.domain.chat import ChatPage
from cxcore.domain.commands import StartChat
from cxcore.domain.contact import Channel, ContactId
from cxcore.domain.events import ContactOpened
from tests import builders
from tests.unit.services import test_messaging
from tests.unit.world import World


def test_whatsapp_waits_in_the_queue_of_its_number() -> None:
    world = World(test_messaging.site())
    test_messaging.says(world, "Hallo", "m1")
    opened = [(fact.channel, fact.dialled_number) for fact in world.all_facts(ContactOpened)]
    assert opened == [(Channel.WHATSAPP, "WhatsApp Noordwijk")]
    assert len(list(world.floor.chats_waiting(builders.BURGERZAKEN))) == 1


def test_chats_of_several_websites_and_calls_wait_in_their_queues() -> None:
    pages = {
        "noordwijk": ChatPage("noordwijk", "www.noordwijk.nl", builders.BURGERZAKEN),
        "bibliotheek": ChatPage("bibliotheek", "www.bibliotheek.example", builders.RECEPTIE),
    }
    world = World(replace(builders.site(), chat_pages=pages))
    world.calls()
    world.does(StartChat("customer", ContactId("c1"), "noordwijk", "Hallo"))
    world.does(StartChat("customer", ContactId("c2"), "bibliotheek", "Hallo"))
    opened = [(fact.channel, fact.dialled_number) for fact in world.all_facts(ContactOpened)]
    assert opened == [
        (Channel.TELEPHONY, builders.DIRECT),
        (Channel.WEB_CHAT, "www.noordwijk.nl"),
        (Channel.WEB_CHAT, "www.bibliotheek.example"),
    ]
    for queue, chat in ((builders.BURGERZAKEN, "c1"), (builders.RECEPTIE, "c2")):
        assert [each.contact_id for each in world.floor.chats_waiting(queue)] == [chat]
