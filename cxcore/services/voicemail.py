"""A caller speaks a message, where the dialplan says so.

The greeting is said first, then the switch records what the caller says until a key, the longest time, or the hang-up.
What was spoken becomes a contact of its own, which waits in the queue for an agent (`services.playback`). The call goes
on in its flow.

The file is named after that contact, and the fact `VoiceMessageBegun` is told when the recording begins: so a message
survives the death of core and switch, with what was recorded until then (`recover`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cxcore.domain.contact import Channel, Contact, ContactId, MessageDraft, VoiceMessage
from cxcore.domain.dialplan import Voicemail
from cxcore.domain.events import (
    ContactOpened,
    ContactQueued,
    VoiceMessageBegun,
    VoiceMessageDropped,
    VoiceMessageLeft,
)
from cxcore.domain.leg import LegId
from cxcore.domain.queue import QueueId
from cxcore.ports.contact_log import BegunMessage, LeftMessage
from cxcore.ports.switch import Question
from cxcore.services import offering, queueing
from cxcore.services.marks import mark_contact
from cxcore.services.workplace import Workplace

SHORTEST_SECONDS = 2.0
"""Whoever hangs up sooner left no message."""


def greet(work: Workplace, contact: Contact, step: Voicemail) -> None:
    """Say what the caller can do; a message that was being spoken when an order to the switch was lost goes on."""
    if not contact.leg_answered:
        work.switch.answer(contact.leg_id)
    if contact.draft is None:
        sounds = work.sounds(step.greeting, language=contact.language)
        work.switch.say(contact.leg_id, work.new_order(contact), sounds)
    else:
        _listen(work, contact, contact.draft, step)


def record(work: Workplace, contact: Contact, step: Voicemail, now: datetime) -> None:
    """The greeting was said: the beep, and the caller speaks."""
    draft = contact.draft = MessageDraft(ContactId(work.new_identity()), now)
    work.publish(VoiceMessageBegun(now, contact.contact_id, step.queue_id, draft.message_id, step.priority))
    _listen(work, contact, draft, step)
    mark_contact(work, contact)


def _listen(work: Workplace, contact: Contact, draft: MessageDraft, step: Voicemail) -> None:
    path = work.voice_messages.path(recording_of(draft.message_id))
    work.switch.start_recording(contact.leg_id, path, party_only=True)
    work.switch.ask(contact.leg_id, work.new_order(contact), Question(work.beep, timeout_seconds=step.seconds))


def recording_of(message_id: ContactId) -> str:
    """The name of a message's file."""
    return f"{message_id}.wav"


def finish(work: Workplace, contact: Contact, now: datetime) -> None:
    """The caller pressed a key, spoke as long as is allowed, or left: what was spoken is a contact, if long enough."""
    draft, step = contact.draft, _step_of(work, contact)
    contact.draft = None
    if draft is None or step is None:
        return
    work.switch.stop_recording(contact.leg_id, work.voice_messages.path(recording_of(draft.message_id)))
    seconds = (now - draft.began).total_seconds() - work.beep_seconds
    if seconds < SHORTEST_SECONDS:
        work.publish(VoiceMessageDropped(now, contact.contact_id, draft.message_id, max(seconds, 0.0)))
        return
    contact.left_message = True
    begun = VoiceMessageBegun(draft.began, contact.contact_id, step.queue_id, draft.message_id, step.priority)
    _open(work, begun, contact, seconds, now)


def _step_of(work: Workplace, contact: Contact) -> Voicemail | None:
    if contact.position is None:
        return None
    step = work.floor.site.dialplan.step(contact.position)
    return step if isinstance(step, Voicemail) else None


def _open(work: Workplace, begun: VoiceMessageBegun, call: Contact, seconds: float, now: datetime) -> None:
    """Let the message wait in its queue, from now on."""
    message = VoiceMessage(recording_of(begun.message_id), seconds, begun.contact_id)
    party = (call.dialled_number, call.caller_number, call.caller_name)
    contact = Contact(begun.message_id, LegId(work.new_identity()), *party, now, channel=Channel.VOICEMAIL)
    contact.priority, contact.voice_message = _priority(work, call.caller_number, begun.priority), message
    work.floor.add_contact(contact)
    work.publish(ContactOpened(now, contact.contact_id, contact.channel, *party))
    work.publish(
        VoiceMessageLeft(
            now, contact.contact_id, begun.queue_id, begun.contact_id, message.recording, seconds, contact.priority
        )
    )
    stand_in_line(work, contact, begun.queue_id, now, now)


def _priority(work: Workplace, caller_number: str | None, of_step: int) -> int:
    return work.floor.site.priority_of(caller_number) + of_step


def stand_in_line(work: Workplace, contact: Contact, queue_id: QueueId, queued_at: datetime, now: datetime) -> None:
    """Wait for an agent, at the place that `queued_at` gives."""
    queueing.stand_without_leg(work, contact, queue_id, queued_at)
    queue = work.floor.queue(queue_id)
    work.publish(ContactQueued(now, contact.contact_id, queue_id, queue.service_level.seconds))
    offering.plan_offers(work, contact, now)
    offering.offer_contact(work, contact, now)


# --- A core starts ---------------------------------------------------------------------------------------------------


def restore(work: Workplace, left: tuple[LeftMessage, ...], now: datetime) -> None:
    """Let the messages that nobody heard yet wait at their places. One whose queue is gone stays in the log."""
    for each in left:
        work.floor.day.apart.add(each.contact_id)
        if each.queue_id in work.floor.site.queues:
            contact = Contact(
                each.contact_id,
                LegId(work.new_identity()),
                each.dialled_number,
                each.caller_number,
                each.caller_name,
                each.opened_at,
                channel=Channel.VOICEMAIL,
                priority=each.priority,
                voice_message=VoiceMessage(each.recording, each.spoken_seconds, each.call_id),
            )
            work.floor.add_contact(contact)
            queueing.stand_without_leg(work, contact, each.queue_id, each.queued_at)
            offering.plan_offers(work, contact, now)


def recover(work: Workplace, begun: tuple[BegunMessage, ...], now: datetime) -> set[ContactId]:
    """Take up the messages whose caller left, or whose switch died, while no core was running; the calls in which they
    were spoken. To be called once the calls that live are known: in those a message is still being spoken."""
    spoken = [each for each in begun if not _is_spoken(work, each) and each.queue_id in work.floor.site.queues]
    return {each.call_id for each in spoken if _recover(work, each, now)}


def _is_spoken(work: Workplace, begun: BegunMessage) -> bool:
    """Whether its call lives with it, or it was taken up from there already."""
    call = work.floor.contacts.get(begun.call_id)
    spoken = call is not None and call.draft is not None and call.draft.message_id == begun.message_id
    return spoken or begun.message_id in work.floor.contacts


def _recover(work: Workplace, begun: BegunMessage, now: datetime) -> bool:
    seconds = work.voice_messages.seconds(recording_of(begun.message_id))
    if seconds < SHORTEST_SECONDS:
        work.publish(VoiceMessageDropped(now, begun.call_id, begun.message_id, seconds))
        return False
    party = (begun.dialled_number, begun.caller_number, begun.caller_name)
    call = Contact(begun.call_id, LegId(""), *party, begun.began)
    fact = VoiceMessageBegun(begun.began, begun.call_id, begun.queue_id, begun.message_id, begun.priority)
    _open(work, fact, call, seconds, now)
    return True


def forget_old(work: Workplace, now: datetime) -> None:
    """Remove the files of messages that were kept long enough; one that still waits, or is being heard, is kept."""
    if work.message_days is None:
        return
    waiting = [each.voice_message for each in work.floor.contacts.values() if each.voice_message is not None]
    drafts = [each.draft for each in work.floor.contacts.values() if each.draft is not None]
    keep = {each.recording for each in waiting} | {recording_of(each.message_id) for each in drafts}
    work.voice_messages.forget(now - timedelta(days=work.message_days), frozenset(keep))
