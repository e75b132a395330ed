"""Calls are recorded as their queue, or the site for direct calls, says [39].

After each step of the core the recording of every contact that the step concerned is brought into agreement with what
the floor says (`follow`): begun when an agent talks, silent while the caller is on hold or waits again, ended with the
contact. So no use case has to think of it. The recording is made by the caller's leg, which keeps it while the contact
changes hands, and stands on that leg as marks, so that the next core finds it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import PurePath

from cxcore.domain.agent import Agent, AgentId, AgentState
from cxcore.domain.commands import ExtendRecordingPause, PauseRecording, ResumeRecording, StartRecording
from cxcore.domain.contact import DIRECT, IN_CONVERSATION, TELEPHONY, Contact, ContactId, ContactState
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import (
    RecordingMissed,
    RecordingPaused,
    RecordingPauseExtended,
    RecordingResumed,
    RecordingStarted,
    RecordingStopped,
)
from cxcore.domain.leg import LegId, LiveLeg
from cxcore.domain.recording import BY_ARRANGEMENT, CallRecording, PauseReason, RecordingId, RecordingRule
from cxcore.domain.tidings import LiveLegsReported, OrderRefused, RecordingClosed, RecordingPauseOver
from cxcore.domain.transfer import ConsultationState
from cxcore.services.consultation_legs import line_leg
from cxcore.services.workplace import Workplace

NO_ROOM = "the disk has no room for recordings"
CALLER_HEARS_MUSIC = frozenset(
    {ConsultationState.RINGING, ConsultationState.WITH_TARGET, ConsultationState.PASSING, ConsultationState.PARKED}
)
DEADLINE = "deadline"
"""Who resumes a recording that nobody resumed in time."""


def follow(work: Workplace, now: datetime) -> None:
    """Bring the recordings of the contacts that this step told of into agreement with the floor."""
    settled: ContactId | None = None
    for fact in tuple(work.facts):
        contact_id: ContactId | None = getattr(fact, "contact_id", None)
        if contact_id is not None and contact_id != settled:  # most steps tell of one contact, in several facts
            _settle(work, contact_id, now)
            settled = contact_id


def _settle(work: Workplace, contact_id: ContactId, now: datetime) -> None:
    contact, recordings = work.floor.contacts.get(contact_id), work.floor.recordings
    recording = recordings.get(contact_id)
    if contact is None:
        recordings.pop(contact_id, None)
        if recording is not None:
            work.timers.cancel(RecordingPauseOver, contact_id)
            _end(work, contact_id, recording, "ended", now)
    elif recording is not None:
        _go_on(work, contact, recording, now)
    elif _talks(contact) and contact_id not in recordings:
        _decide(work, contact, now)


def _talks(contact: Contact) -> bool:
    """Whether an agent and the caller are in conversation, on hold or not. Other channels have no call to record."""
    if contact.channel is not TELEPHONY:
        return False
    if contact.state is IN_CONVERSATION:
        return True
    return contact.state is DIRECT and contact.answered_at is not None


def _rule(work: Workplace, contact: Contact) -> RecordingRule:
    queue = work.floor.site.queues.get(contact.queue_id) if contact.queue_id is not None else None
    return work.floor.site.direct_recording if queue is None else queue.recording


def _decide(work: Workplace, contact: Contact, now: datetime) -> None:
    """The conversation begins; whether it is recorded is decided once, unless the agent asks for it later."""
    work.floor.recordings[contact.contact_id] = None
    if _rule(work, contact).begins_with(contact.contact_id):
        _begin(work, contact, "", now)


def _begin(work: Workplace, contact: Contact, by: str, now: datetime) -> None:
    if not work.room_to_record():
        work.publish(RecordingMissed(now, contact.contact_id, NO_ROOM))
        return
    recording_id = RecordingId(f"{contact.contact_id}.{work.new_identity()[:8]}")
    recording = CallRecording(recording_id, line_leg(work, contact), now, _pauses_now(contact))
    work.floor.recordings[contact.contact_id] = recording
    path, rule = _path(work, recording_id), _rule(work, contact)
    work.switch.start_recording(recording.leg_id, path)
    if recording.paused:
        work.switch.mask_recording(recording.leg_id, path, True)
    _mark(work, recording)
    agent_id = AgentId(contact.agent_id) if contact.agent_id else None
    work.publish(
        RecordingStarted(now, contact.contact_id, recording_id, agent_id, contact.queue_id, rule.days, by)
    )


def _go_on(work: Workplace, contact: Contact, recording: CallRecording, now: datetime) -> None:
    """A contact that is recorded changed hands, was held, or waits again."""
    if contact.state in (ContactState.TRANSFERRED, ContactState.IN_FLOW):
        _stop(work, contact, recording, "passed-on", now)
    elif _talks(contact) and not _rule(work, contact).may_record:
        _stop(work, contact, recording, "queue", now)
    else:
        _pause_as(work, contact, recording, _pauses_now(contact) | (recording.pauses & BY_ARRANGEMENT), "", now)


def _pauses_now(contact: Contact) -> set[PauseReason]:
    """Why the floor wants silence."""
    if not _talks(contact):
        return {PauseReason.WAITING}
    return {PauseReason.HOLD} if contact.held_since is not None or _is_consulted_about(contact) else set()


def _is_consulted_about(contact: Contact) -> bool:
    """Whether the caller hears music meanwhile; what agent and target say is never recorded."""
    consultation = contact.consultation
    return consultation is not None and consultation.state in CALLER_HEARS_MUSIC


def _pause_as(
    work: Workplace, contact: Contact, recording: CallRecording, pauses: set[PauseReason], by: str, now: datetime
) -> None:
    """Let exactly these reasons hold; the switch and the log hear of it when there is more than none, or none."""
    before, recording.pauses = recording.pauses, pauses
    if not recording.arranged:
        _resume_at(work, contact.contact_id, recording, None)
    if before == pauses:
        return
    if pauses:  # before the order: a core that is killed in between leaves a mark for silence, never sound too early
        _mark(work, recording)
    if bool(before) != bool(pauses):
        work.switch.mask_recording(recording.leg_id, _path(work, recording.recording_id), bool(pauses))
    if not pauses:
        _mark(work, recording)
    _tell_pause(work, contact, recording, before, by, now)


def _tell_pause(
    work: Workplace, contact: Contact, recording: CallRecording, before: set[PauseReason], by: str, now: datetime
) -> None:
    """What somebody asks for is told also while the floor keeps the recording silent already."""
    ids = (now, contact.contact_id, recording.recording_id)
    if not recording.paused:
        work.publish(RecordingResumed(*ids, by))
    elif not before or (recording.arranged and not before & BY_ARRANGEMENT):
        work.publish(RecordingPaused(*ids, min(recording.pauses), by, recording.resumes_at))


def _resume_at(work: Workplace, contact_id: ContactId, recording: CallRecording, at: datetime | None) -> None:
    recording.resumes_at = at
    if at is None:
        work.timers.cancel(RecordingPauseOver, contact_id)
    else:
        work.timers.set(RecordingPauseOver(at, contact_id))


def _stop(work: Workplace, contact: Contact, recording: CallRecording, cause: str, now: datetime) -> None:
    """The contact lives on and is recorded no longer; another queue may begin a recording of its own."""
    del work.floor.recordings[contact.contact_id]
    work.timers.cancel(RecordingPauseOver, contact.contact_id)
    work.switch.stop_recording(recording.leg_id, _path(work, recording.recording_id))
    work.switch.mark(recording.leg_id, _no_marks())
    _end(work, contact.contact_id, recording, cause, now)


def _end(work: Workplace, contact_id: ContactId, recording: CallRecording, cause: str, now: datetime) -> None:
    work.publish(RecordingStopped(now, contact_id, recording.recording_id, cause))


def _path(work: Workplace, recording_id: RecordingId) -> PurePath:
    return work.recordings_folder / f"{recording_id}.wav"


# --- What an agent asks for ------------------------------------------------------------------------------------------


def start(work: Workplace, command: StartRecording, now: datetime) -> None:
    """Record the call from now on; for queues that record on request, and where the share left this call out."""
    contact = _conversation(work, command.agent_id)
    if work.floor.recordings.get(contact.contact_id) is not None:
        raise NotAllowed("already-recorded", "the call is recorded already")
    if not _rule(work, contact).may_record:
        raise NotAllowed("no-recording", "calls of this kind are not recorded")
    if not work.room_to_record():
        raise NotAllowed("no-room", NO_ROOM)
    _begin(work, contact, command.by, now)


def pause(work: Workplace, command: PauseRecording, now: datetime) -> None:
    """Write silence until `resume`, or until the time that the rule of the call gives; asked again, it begins anew."""
    contact = _conversation(work, command.agent_id)
    recording, reason = _recording(work, contact), PauseReason(command.reason)
    _resume_at(work, contact.contact_id, recording, _deadline(_rule(work, contact), recording, now))
    if reason in recording.pauses:
        _mark(work, recording)
    _pause_as(work, contact, recording, recording.pauses | {reason}, _agent(command), now)


def _deadline(rule: RecordingRule, recording: CallRecording, now: datetime) -> datetime | None:
    """Two who ask for silence have it until the later of their times."""
    if not rule.pause_seconds:
        return None
    return max(recording.resumes_at or now, now + timedelta(seconds=rule.pause_seconds))


def extend_pause(work: Workplace, command: ExtendRecordingPause, now: datetime) -> None:
    """Write silence for so much longer."""
    contact = _conversation(work, command.agent_id)
    recording = _recording(work, contact)
    if recording.resumes_at is None:
        raise NotAllowed("no-deadline", "the recording does not resume by itself")
    until = recording.resumes_at + timedelta(seconds=command.seconds)
    _resume_at(work, contact.contact_id, recording, until)
    _mark(work, recording)
    work.publish(RecordingPauseExtended(now, contact.contact_id, recording.recording_id, until, command.by))


def pause_over(work: Workplace, tiding: RecordingPauseOver) -> None:
    """Nobody ended the pause in time: sound is written again, unless the caller is on hold or waits."""
    contact, recording = work.floor.contacts.get(tiding.contact_id), work.floor.recordings.get(tiding.contact_id)
    if contact is not None and recording is not None:
        _pause_as(work, contact, recording, recording.pauses - BY_ARRANGEMENT, DEADLINE, tiding.at)


def resume(work: Workplace, command: ResumeRecording, now: datetime) -> None:
    """Write sound again; on hold it stays silent until the hold ends."""
    contact = _conversation(work, command.agent_id)
    recording, reason = _recording(work, contact), PauseReason(command.reason)
    # The agent has the last word: a system that forgot the end of its marker must not keep the call silent.
    lifted = BY_ARRANGEMENT if reason is PauseReason.AGENT else {reason}
    _pause_as(work, contact, recording, recording.pauses - lifted, _agent(command), now)


def _agent(command: PauseRecording | ResumeRecording) -> str:
    """Who asked for it; nobody, when another system did."""
    return command.by if command.reason == PauseReason.AGENT else ""


def _conversation(work: Workplace, agent_id: AgentId) -> Contact:
    agent = work.floor.agent(agent_id)
    contact = work.floor.contacts.get(_contact_of(agent) or ContactId(""))
    if contact is None or not _talks(contact) or contact.agent_id != agent_id:
        raise NotAllowed("no-conversation", "the agent is in no conversation")
    return contact


def _contact_of(agent: Agent) -> ContactId | None:
    return agent.contact_id if agent.state is AgentState.TALKING else agent.direct_contact_id


def _recording(work: Workplace, contact: Contact) -> CallRecording:
    recording = work.floor.recordings.get(contact.contact_id)
    if recording is None:
        raise NotAllowed("not-recorded", "the call is not recorded")
    return recording


# --- What goes wrong -------------------------------------------------------------------------------------------------


def closed(work: Workplace, tiding: RecordingClosed) -> None:
    """The switch stopped writing by itself: the call goes on, unrecorded."""
    contact = work.floor.contact_of_leg(tiding.leg_id)
    recording = work.floor.recordings.get(contact.contact_id) if contact is not None else None
    if contact is None or recording is None or not tiding.failed:
        return
    if PurePath(tiding.path).stem == recording.recording_id:
        _lose(work, contact, recording, "failed", tiding.at)


def refused(work: Workplace, tiding: OrderRefused) -> None:
    """The switch could not begin a recording."""
    contact = work.floor.contact_of_leg(tiding.leg_id)
    recording = work.floor.recordings.get(contact.contact_id) if contact is not None else None
    if contact is not None and recording is not None and tiding.order == "start_recording":
        _lose(work, contact, recording, "failed", tiding.at)
        work.publish(RecordingMissed(tiding.at, contact.contact_id, tiding.reason))


def _lose(work: Workplace, contact: Contact, recording: CallRecording, cause: str, now: datetime) -> None:
    work.floor.recordings[contact.contact_id] = None
    work.timers.cancel(RecordingPauseOver, contact.contact_id)
    work.switch.mark(recording.leg_id, _no_marks())
    _end(work, contact.contact_id, recording, cause, now)


# --- A core starts ---------------------------------------------------------------------------------------------------


def _mark(work: Workplace, recording: CallRecording) -> None:
    work.switch.mark(
        recording.leg_id,
        {
            "recording": recording.recording_id,
            "recording_began": recording.started_at.isoformat(),
            "recording_pauses": " ".join(sorted(recording.pauses)),
            "recording_resumes": recording.resumes_at.isoformat() if recording.resumes_at else "",
        },
    )


def _no_marks() -> dict[str, str]:
    return {"recording": "", "recording_began": "", "recording_pauses": "", "recording_resumes": ""}


def take_up(work: Workplace, report: LiveLegsReported) -> None:
    """A core that starts finds which calls another one began to record. What that one ordered last may not have
    arrived: the order is given again. A pause whose time ran out meanwhile ends at once, as its timer is due."""
    for leg in report.legs:
        recording = _recording_on(leg)
        contact = work.floor.contact_of_leg(leg.leg_id)
        if recording is not None and contact is not None and contact.contact_id not in work.floor.recordings:
            work.floor.recordings[contact.contact_id] = recording
            _resume_at(work, contact.contact_id, recording, recording.resumes_at)
            work.switch.mask_recording(leg.leg_id, _path(work, recording.recording_id), recording.paused)


def _recording_on(leg: LiveLeg) -> CallRecording | None:
    recording_id, began = leg.marks.get("recording"), leg.marks.get("recording_began")
    if not recording_id or not began:
        return None
    pauses = {PauseReason(each) for each in leg.marks.get("recording_pauses", "").split()}
    began_at, resumes = datetime.fromisoformat(began), leg.marks.get("recording_resumes")
    resumes_at = datetime.fromisoformat(resumes) if resumes else None
    return CallRecording(RecordingId(recording_id), LegId(leg.leg_id), began_at, pauses, resumes_at)
