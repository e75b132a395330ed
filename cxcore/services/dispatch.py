"""The table of contents of the core: which function works off which tiding and which command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from cxcore.domain import commands, events, tidings
from cxcore.services import (
    agents,
    alarms,
    announcements,
    assigning,
    callbacks,
    caller_hold,
    chat_desk,
    chats,
    configuration,
    consulting,
    conversation,
    devices,
    direct,
    emergency,
    hours,
    inbound,
    interruption,
    legs,
    listening,
    messages,
    messaging,
    noting,
    offering,
    parking,
    playback,
    recording,
    recovery,
    remembering,
    service_line,
    sound,
    steering,
    voicemail,
    writing,
)
from cxcore.services.workplace import Workplace


def _nothing(_work: Workplace, _tiding: tidings.Tiding) -> None:
    """A tiding that changes nothing on the floor."""


def _new_day(work: Workplace, tiding: tidings.DayBegan) -> None:
    work.floor.day.begin(tiding.at)
    voicemail.forget_old(work, tiding.at)
    chats.forget_old(work, tiding.at)
    work.desk.tidy()
    work.publish(events.DayTurned(tiding.at))
    work.timers.set(tidings.DayBegan(work.next_midnight(tiding.at)))


def _check(work: Workplace, tiding: tidings.LeaseCheckDue) -> None:
    configuration.give_up_remains(work)
    recovery.check_leases(work, tiding)


def _answered(work: Workplace, tiding: tidings.LegAnswered) -> None:
    if not listening.answered(work, tiding):
        legs.answered(work, tiding)


def _hung_up(work: Workplace, tiding: tidings.LegHungUp) -> None:
    sound.hung_up(work, tiding)
    if not listening.hung_up(work, tiding):
        legs.hung_up(work, tiding)


def _live_legs_reported(work: Workplace, tiding: tidings.LiveLegsReported) -> None:
    starts = work.memory is not None
    recovery.live_legs_reported(work, tiding)
    if starts:
        caller_hold.take_up(work, tiding)
    listening.compare(work, tiding)
    recording.take_up(work, tiding)
    sound.compare(work, tiding.legs)


def _refused(work: Workplace, tiding: tidings.OrderRefused) -> None:
    legs.refused(work, tiding)
    recording.refused(work, tiding)
    listening.refused(work, tiding)


def _recording_closed(work: Workplace, tiding: tidings.RecordingClosed) -> None:
    if not service_line.recording_closed(work, tiding):
        recording.closed(work, tiding)


TIDINGS: Mapping[type[tidings.Tiding], Callable[[Workplace, Any], None]] = {
    tidings.LegArrived: inbound.arrive,
    tidings.LegRinging: _nothing,
    tidings.LegAnswered: _answered,
    tidings.LegHeld: caller_hold.held,
    tidings.LegResumed: caller_hold.resumed,
    tidings.LegHungUp: _hung_up,
    tidings.SoundMeasured: sound.measured,
    tidings.RelayRestarted: sound.relay_restarted,
    tidings.PromptEnded: inbound.prompt_ended,
    tidings.DigitsEntered: inbound.digits_entered,
    tidings.KeyPressed: inbound.key_pressed,
    tidings.LegsBridged: sound.bridged,
    tidings.LegsUnbridged: legs.unbridged,
    tidings.RecordingClosed: _recording_closed,
    tidings.PinChecked: service_line.pin_checked,
    tidings.SoundPrepared: service_line.sound_prepared,
    tidings.VersionMade: service_line.version_made,
    tidings.KeyOverdue: inbound.key_overdue,
    tidings.OrderRefused: _refused,
    tidings.LiveLegsReported: _live_legs_reported,
    tidings.SwitchLost: recovery.switch_lost,
    tidings.SwitchConnected: recovery.switch_connected,
    tidings.OfferExpired: offering.expire,
    tidings.OfferDue: offering.offer_due,
    tidings.WrapUpDue: conversation.wrap_up_due,
    tidings.RecordingPauseOver: recording.pause_over,
    tidings.RestOver: offering.rest_over,
    tidings.PageMissed: devices.page_missed,
    tidings.ParkOverdue: parking.overdue,
    tidings.ReturnOverdue: interruption.return_overdue,
    tidings.AnnouncementDue: announcements.announce,
    tidings.ChatMissed: chats.missed,
    tidings.ChatForgotten: chats.forget,
    tidings.LineNotSent: messaging.not_sent,
    tidings.HoursChanged: hours.hours_changed,
    tidings.CallBackDue: callbacks.call_back_due,
    tidings.MaximumWaitReached: inbound.overflow,
    tidings.EmergencyOver: emergency.over,
    tidings.AlarmsDue: alarms.look,
    tidings.LeaseCheckDue: _check,
    tidings.DayBegan: _new_day,
}

COMMANDS: Mapping[type[commands.Command], Callable[[Workplace, Any, datetime], None]] = {
    commands.LogOn: agents.log_on,
    commands.LogOff: agents.log_off,
    commands.GoOnBreak: agents.go_on_break,
    commands.BecomeAvailable: agents.become_available,
    commands.ServeQueues: agents.serve_queues,
    commands.AssignQueue: steering.assign_queue,
    commands.RemoveFromQueue: steering.remove_from_queue,
    commands.OpenQueue: steering.open_queue,
    commands.CloseQueue: steering.close_queue,
    commands.FollowTimetable: steering.follow_timetable,
    commands.MoveContact: steering.move_contact,
    commands.AssignContact: assigning.assign_contact,
    commands.CancelCallBack: steering.cancel_call_back,
    configuration.UseSite: configuration.use_site,
    commands.DeclineOffer: offering.decline,
    commands.CallNumber: direct.call_number,
    commands.EndDirectCall: direct.end_call,
    commands.ReportSoftphone: devices.report,
    commands.LeaveSoftphone: devices.leave,
    commands.HoldContact: conversation.hold,
    commands.ResumeContact: conversation.resume,
    commands.HangUpContact: chat_desk.hang_up,
    commands.ReplayMessage: playback.replay,
    commands.CallSender: playback.call_sender,
    commands.Consult: consulting.consult,
    commands.TransferContact: chat_desk.transfer,
    commands.ParkContact: parking.park,
    commands.PickUpContact: parking.pick_up,
    commands.TakeBack: consulting.take_back,
    commands.SwapParties: consulting.swap,
    commands.JoinParties: consulting.join,
    commands.CompleteTransfer: consulting.complete,
    commands.SendDigits: consulting.send_digits,
    commands.StartChat: chats.start,
    commands.WriteInChat: chats.write_in,
    commands.TakeMessage: messaging.take,
    commands.NoteUndelivered: messaging.note_undelivered,
    commands.NoteRead: writing.note_read,
    commands.TypeInChat: writing.type_in,
    commands.TypeAnswer: writing.type_answer,
    commands.SeeChat: chats.see,
    commands.LoseChat: chats.lose,
    commands.LeaveChat: chats.leave,
    commands.AcceptChat: chat_desk.accept,
    commands.AnswerChat: chat_desk.answer,
    commands.NoteContact: noting.note_contact,
    commands.ListenIn: listening.listen_in,
    commands.Whisper: listening.whisper,
    commands.BargeIn: listening.barge_in,
    commands.StopListening: listening.stop,
    commands.StartRecording: recording.start,
    commands.PauseRecording: recording.pause,
    commands.ExtendRecordingPause: recording.extend_pause,
    commands.ResumeRecording: recording.resume,
    commands.EndWrapUp: conversation.end_wrap_up,
    commands.ExtendWrapUp: conversation.extend_wrap_up,
    commands.SetEmergency: emergency.set_emergency,
    commands.EndEmergency: emergency.end_emergency,
    commands.UseMessage: messages.use_message,
    commands.AcknowledgeAlarm: alarms.acknowledge,
    commands.ForgetCaller: remembering.forget_caller,
}


def work_off_tiding(work: Workplace, tiding: tidings.Tiding) -> None:
    """Let the service that it concerns work off a tiding."""
    TIDINGS[type(tiding)](work, tiding)
    if work.facts:
        recording.follow(work, tiding.at)


def work_off_command(work: Workplace, command: commands.Command, now: datetime) -> None:
    """Carry out a command; raises a `DomainError` when the floor does not allow it."""
    COMMANDS[type(command)](work, command, now)
    if work.facts:
        recording.follow(work, now)
