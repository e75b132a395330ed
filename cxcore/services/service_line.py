"""A caller of the service number is led through its dialogue; what comes of it is what the pages do [47e, 48a, 48b].

`domain.service_line` decides what is asked. Effects are those of the pages: `UseMessage`, `SetEmergency` and
`EndEmergency`, in the name of whoever signed in. PINs, sounds and the audit are the desk's (`ports.service_desk`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import PurePath

from cxcore.domain.commands import EndEmergency, SetEmergency, UseMessage
from cxcore.domain.contact import Contact
from cxcore.domain.errors import DomainError
from cxcore.domain.events import ServiceUsed
from cxcore.domain.service_dialogue import Dialogue, Stage
from cxcore.domain.service_line import RECORDING, ROLES, Act, ServiceLine, answer, question
from cxcore.domain.tidings import (
    DigitsEntered,
    PinChecked,
    RecordingClosed,
    SoundPrepared,
    VersionMade,
)
from cxcore.ports.audit import AuditResult
from cxcore.ports.service_desk import Asker
from cxcore.ports.switch import Prompts, Question
from cxcore.services import asking, emergency, messages
from cxcore.services.marks import mark_contact
from cxcore.services.workplace import Workplace

ANSWER_SECONDS = 8.0
SHORTEST_SECONDS = 1.0
"""Less was no message."""
LONGEST_SECONDS = 300
SIGN_IN, REFUSED = "phone-sign-in", "phone-refused"
UNKNOWN = "unknown"
"""Who tried, in the audit, when no user has that code."""


def begin(work: Workplace, contact: Contact, now: datetime) -> None:
    """Somebody enters, or an order or an outcome was lost: ask what is due."""
    if not contact.leg_answered:
        work.switch.answer(contact.leg_id)
    dialogue = contact.dialogue or Dialogue()
    contact.dialogue = dialogue
    if dialogue.stage is Stage.CHECKED:
        dialogue.go_to(Stage.CODE)
    elif dialogue.stage in (Stage.RECORDING, Stage.MADE) or (dialogue.stage is Stage.VERDICT and not dialogue.sound):
        dialogue.go_to(Stage.CURRENT)
    _ask(work, contact, dialogue, now)


def answered(work: Workplace, contact: Contact, tiding: DigitsEntered) -> None:
    """Keys were pressed, or the time for them is over."""
    dialogue, line = contact.dialogue, work.floor.site.service_line
    if dialogue is None or line is None:  # another core asked, or the number was taken out meanwhile
        begin(work, contact, tiding.at)
        return
    act = answer(dialogue, line, tiding.digits, _active(work))
    if act is Act.ASK and dialogue.stage is Stage.VERDICT and contact.recording_since is not None:
        _end_recording(work, contact)
    else:
        _ACTS[act](work, contact, dialogue, tiding.at)


def left(work: Workplace, contact: Contact) -> None:
    """The caller hung up; what was recorded is thrown away."""
    if contact.dialogue is not None:
        work.voice_messages.remove(_recording(contact))


def _active(work: Workplace) -> tuple[str, ...]:
    return tuple(work.floor.emergencies)


def _recording(contact: Contact) -> str:
    return f"dienst-{contact.contact_id}.wav"


def _path(work: Workplace, contact: Contact) -> PurePath:
    return work.voice_messages.path(_recording(contact))


# --- Asking ----------------------------------------------------------------------------------------------------------


def _ask(work: Workplace, contact: Contact, dialogue: Dialogue, now: datetime) -> None:
    line = work.floor.site.service_line
    if line is None or _is_out_of_date(dialogue, line):
        dialogue.go_to(Stage.MENU if line is not None else Stage.GOODBYE, "dienst-mislukt")
    asked = question(dialogue, line or ServiceLine(""), work.floor.site.queues, _active(work))
    sounds = _sounds(work, contact, asked.prompts)
    if dialogue.stage is Stage.GOODBYE:
        work.switch.say(contact.leg_id, work.new_order(contact), sounds)
    else:
        asked_for = Question(sounds, max_digits=asked.most_keys, timeout_seconds=ANSWER_SECONDS)
        asking.ask(work, contact, asked_for, now)
    mark_contact(work, contact)


def _is_out_of_date(dialogue: Dialogue, line: ServiceLine) -> bool:
    """Whether the configuration changed under the caller."""
    gone = dialogue.stage is Stage.CONFIRM and dialogue.text not in line.texts
    return gone or (dialogue.stage is Stage.CURRENT and dialogue.message not in line.messages.values())


def _sounds(work: Workplace, contact: Contact, names: tuple[str, ...]) -> Prompts:
    """The files; a message that has no sound yet is left out."""
    sound = contact.dialogue.sound if contact.dialogue is not None else ""
    files = (work.find_sound(sound) if name == RECORDING else _known(work, name) for name in names)
    return tuple(file for file in files if file is not None)


def _known(work: Workplace, name: str) -> PurePath | None:
    return work.sounds(name)[0] if work.has_sound(name) else None


# --- What an answer leads to -----------------------------------------------------------------------------------------


def _asks_on(work: Workplace, contact: Contact, dialogue: Dialogue, now: datetime) -> None:
    _ask(work, contact, dialogue, now)


def _check(work: Workplace, contact: Contact, dialogue: Dialogue, _now: datetime) -> None:
    """Hold music follows the question by itself until the desk has looked."""
    asker = _asker(work, contact)
    work.desk.check(asker, *dialogue.take_pin())
    mark_contact(work, contact)


def _asker(work: Workplace, contact: Contact) -> Asker:
    return Asker(contact.leg_id, work.new_order(contact), origin_of(contact))


def origin_of(contact: Contact) -> str:
    """Where a caller acts from, for the audit."""
    return f"tel:{contact.caller_number or 'anonymous'}"


def _record(work: Workplace, contact: Contact, dialogue: Dialogue, now: datetime) -> None:
    line = question(dialogue, work.floor.site.service_line or ServiceLine(""), (), ())
    sounds = (*_sounds(work, contact, line.prompts), *work.beep)
    contact.recording_since, dialogue.sound = now, ""
    work.switch.start_recording(contact.leg_id, _path(work, contact), party_only=True)
    work.switch.ask(contact.leg_id, work.new_order(contact), Question(sounds, timeout_seconds=LONGEST_SECONDS))
    mark_contact(work, contact)


def _end_recording(work: Workplace, contact: Contact) -> None:
    """What was recorded is heard once its file is closed."""
    work.new_order(contact)
    work.switch.stop_recording(contact.leg_id, _path(work, contact))
    mark_contact(work, contact)


def _make(work: Workplace, contact: Contact, dialogue: Dialogue, now: datetime) -> None:
    if not _may_act(work, dialogue):
        _fail(work, contact, dialogue, now)
        return
    work.desk.make(_asker(work, contact), dialogue.message, dialogue.sound, dialogue.by)
    mark_contact(work, contact)


def _may_act(work: Workplace, dialogue: Dialogue) -> bool:
    """Whether the user still is one who may, by the configuration that counts now."""
    user = work.floor.site.users.get(dialogue.by)
    return user is not None and user.role in ROLES


def _fail(work: Workplace, contact: Contact, dialogue: Dialogue, now: datetime) -> None:
    dialogue.go_to(Stage.MENU if _may_act(work, dialogue) else Stage.GOODBYE, "dienst-mislukt")
    _ask(work, contact, dialogue, now)


def _set(work: Workplace, contact: Contact, dialogue: Dialogue, now: datetime) -> None:
    line = work.floor.site.service_line or ServiceLine("")
    text = line.texts.get(dialogue.text)
    until = now + timedelta(hours=text.hours) if text is not None and text.hours else None
    if text is None:
        _fail(work, contact, dialogue, now)
        return
    command = SetEmergency(dialogue.by, dialogue.scope, text.message, text.then, text.flow, until)
    subject = f"scope={dialogue.scope} message={text.message}"
    change = lambda: emergency.set_emergency(work, command, now)  # noqa: E731 - used once, below
    _carry_out(work, contact, dialogue, change, ("emergency-set", subject, "dienst-staat-aan"), now)


def _end(work: Workplace, contact: Contact, dialogue: Dialogue, now: datetime) -> None:
    change = lambda: emergency.end_emergency(work, EndEmergency(dialogue.by, dialogue.scope), now)  # noqa: E731
    done = ("emergency-end", f"scope={dialogue.scope}", "dienst-staat-uit")
    _carry_out(work, contact, dialogue, change, done, now)


def _carry_out(
    work: Workplace,
    contact: Contact,
    dialogue: Dialogue,
    change: Callable[[], None],
    done: tuple[str, str, str],
    now: datetime,
) -> None:
    """Make a change in the name of the caller. `done`: the action and its object for the audit, and what is said."""
    action, subject, said = done
    result = AuditResult.DONE
    try:
        if not _may_act(work, dialogue):
            raise DomainError(f"{dialogue.by} may not do this any more")
        change()
    except DomainError:
        result = AuditResult.FAILED
    work.desk.note(dialogue.by, action, subject, result, origin_of(contact))
    if result is AuditResult.FAILED:
        _fail(work, contact, dialogue, now)
        return
    work.publish(ServiceUsed(now, contact.contact_id, dialogue.by, action, subject))
    dialogue.go_to(Stage.MENU, said)
    _ask(work, contact, dialogue, now)


_ACTS: Mapping[Act, Callable[[Workplace, Contact, Dialogue, datetime], None]] = {
    Act.ASK: _asks_on,
    Act.CHECK: _check,
    Act.RECORD: _record,
    Act.MAKE: _make,
    Act.SET: _set,
    Act.END: _end,
}

# --- Outcomes --------------------------------------------------------------------------------------------------------


def pin_checked(work: Workplace, tiding: PinChecked) -> None:
    """Code and PIN were compared. Whoever may not manage messages is refused like a wrong PIN."""
    contact = _awaiting(work, tiding)
    if contact is None or contact.dialogue is None:
        return
    dialogue, user = contact.dialogue, tiding.user if tiding.right else ""
    dialogue.by = user
    allowed = _may_act(work, dialogue)
    result = AuditResult.DONE if allowed else AuditResult.REFUSED
    work.desk.note(tiding.user or UNKNOWN, SIGN_IN, "locked" if tiding.locked else "", result, origin_of(contact))
    work.publish(ServiceUsed(tiding.at, contact.contact_id, tiding.user, SIGN_IN if allowed else REFUSED, ""))
    if allowed:
        dialogue.signed_in(user)
    else:
        dialogue.refused()
    _ask(work, contact, dialogue, tiding.at)


def version_made(work: Workplace, tiding: VersionMade) -> None:
    """Callers hear it at once, also when whoever approved it has hung up meanwhile."""
    used = tiding.version > 0 and _use(work, tiding)
    contact = _awaiting(work, tiding)
    if contact is None or contact.dialogue is None:
        return
    if used:
        subject = f"message={tiding.message} version={tiding.version}"
        work.publish(ServiceUsed(tiding.at, contact.contact_id, tiding.by, "message-use", subject))
        contact.dialogue.go_to(Stage.MENU, "dienst-in-gebruik")
        _ask(work, contact, contact.dialogue, tiding.at)
    else:
        _fail(work, contact, contact.dialogue, tiding.at)


def _use(work: Workplace, made: VersionMade) -> bool:
    subject = f"message={made.message} version={made.version}"
    try:
        messages.use_message(work, UseMessage(made.by, made.message, made.version, made.sound), made.at)
    except DomainError:
        work.desk.note(made.by, "message-use", subject, AuditResult.FAILED, made.origin)
        return False
    work.desk.note(made.by, "message-use", subject, AuditResult.DONE, made.origin)
    return True


def _awaiting(work: Workplace, tiding: PinChecked | SoundPrepared | VersionMade) -> Contact | None:
    contact = work.floor.contact_of_leg(tiding.leg_id)
    return contact if contact is not None and contact.order_id == tiding.order_id else None


def recording_closed(work: Workplace, tiding: RecordingClosed) -> bool:
    """The file is whole: it is made fit for the line what was recorded; False for a recording of another kind."""
    contact = work.floor.contact_of_leg(tiding.leg_id)
    dialogue = contact.dialogue if contact is not None else None
    if contact is None or dialogue is None or tiding.path != str(_path(work, contact)):
        return False
    since, contact.recording_since = contact.recording_since, None
    if dialogue.stage is Stage.VERDICT and since is not None:
        if tiding.failed or work.voice_messages.seconds(_recording(contact)) < SHORTEST_SECONDS:
            dialogue.go_to(Stage.CURRENT, "dienst-te-kort")
            _ask(work, contact, dialogue, tiding.at)
        else:
            work.desk.prepare(_asker(work, contact), dialogue.message, _recording(contact))
            mark_contact(work, contact)
    return True


def sound_prepared(work: Workplace, tiding: SoundPrepared) -> None:
    """Let the caller hear what was recorded, as callers would."""
    contact = _awaiting(work, tiding)
    if contact is None or contact.dialogue is None:
        return
    contact.dialogue.sound = tiding.sound
    if not tiding.sound:
        contact.dialogue.go_to(Stage.CURRENT, "dienst-te-kort")
    _ask(work, contact, contact.dialogue, tiding.at)
