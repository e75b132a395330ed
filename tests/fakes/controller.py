"""A core in memory (port `cxcore.ports.controller`): it carries out commands on rows, and lets a test move the floor.

    core = FakeController(clock)
    core.add_queue("burgerzaken", "Burgerzaken")
    core.add_agent("anna", "Anna de Vries", ("burgerzaken",))
    core.submit(LogOn("anna", AgentId("anna")))
    core.arrives("c1", "burgerzaken", "+31612345678")
    core.offers("c1", "anna"); core.answers("c1"); core.ends("c1")
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from cxcore.domain import commands
from cxcore.domain.alarms import key_of
from cxcore.domain.commands import Command
from cxcore.domain.recording import PAUSE_SECONDS
from cxcore.feed.picture import LivePicture
from cxcore.ports.clock import Clock
from cxcore.ports.controller import (
    AgentRow,
    AlarmRow,
    ChatLineRow,
    ChatRow,
    CommandRefused,
    ContactRow,
    ControllerUnavailable,
    EmergencyRow,
    Listener,
    Picture,
    QueueRow,
    Row,
    Subject,
    SystemRow,
)
from cxcore.ports.messages import UsedVersion

WRAP_UP = timedelta(seconds=30)
STEERS = {"sofie": "Sofie Mulder"}
"""The names of those who command others."""


class FakeController:
    """Rows live in a real `LivePicture`; every command and change takes effect at once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._picture = LivePicture()
        self.submitted: list[Command] = []
        self.refusal: CommandRefused | None = None
        """The next commands are refused with this."""
        self.used_messages: dict[str, UsedVersion] = {}
        """The versions of messages that callers hear."""
        self.still_runs: set[str] = set()
        """Chats that run, whatever the rows say."""
        self.heard = True
        self.complete = True

    # --- Controller --------------------------------------------------------------------------------------------------

    def submit(self, command: Command) -> None:
        """Carry out the command."""
        if not self.heard:
            raise ControllerUnavailable("the fake is away; nothing was done")
        if self.refusal is not None:
            raise self.refusal
        self.submitted.append(command)
        STEPS[type(command)](self, command)
        agent_id = getattr(command, "agent_id", None)
        if agent_id is not None and (Subject.AGENT, agent_id) in self._picture.picture().rows:
            steered_by = None if command.by == agent_id else STEERS.get(command.by, command.by)
            self.change_agent(agent_id, steered_by=steered_by)

    def picture(self) -> Picture:
        """The rows as they are now."""
        if not self.complete:
            raise ControllerUnavailable("the fake has not been heard of yet")
        return self._picture.picture()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener with each change."""
        return self._picture.subscribe(listener)

    def connected(self) -> bool:
        """What the test said."""
        return self.heard

    # --- The floor, as the test moves it -----------------------------------------------------------------------------

    def put(self, row: Row) -> None:
        """Any row, as it is."""
        self._picture.replace(row)

    def add_queue(self, queue_id: str, name: str, **figures: object) -> None:
        """A queue, with its figures of the day."""
        self.put(QueueRow(queue_id, name, **figures))  # type: ignore[arg-type]

    def expects(self, queue_id: str, seconds: int) -> None:
        """So long will wait who comes now."""
        self.put(replace(self.queue(queue_id), expected_wait_seconds=seconds))

    def add_agent(self, agent_id: str, name: str, memberships: tuple[str, ...]) -> None:
        """An agent who is logged off."""
        levels = (1,) * len(memberships)
        since = self._clock.now()
        self.put(
            AgentRow(agent_id, name, "logged-off", "ready", since=since, memberships=memberships, levels=levels)
        )

    def add_agents(self, count: int) -> None:
        """A crowd."""
        for number in range(count):
            self.add_agent(f"agent-{number}", f"Medewerker {number}", ())

    def add_system(self, part: str, healthy: bool = True, reason: str = "") -> None:
        """A part of the system."""
        self.put(SystemRow(part, healthy, self._clock.now(), reason))

    def arrives(self, contact_id: str, queue_id: str, caller_number: str | None, caller_name: str = "") -> None:
        """A caller waits in a queue."""
        now, queue = self._clock.now(), self.queue(queue_id)
        self.put(
            ContactRow(
                contact_id, "waiting", "+31715550101", caller_number, caller_name, now, queue_id=queue_id, queued_at=now
            )
        )
        self.put(
            replace(queue, waiting=queue.waiting + 1, longest_waiting_since=queue.longest_waiting_since or now)
        )

    def is_forwarded(self, contact_id: str, number: str) -> None:
        """The network says that the caller dialled this number first."""
        self.put(replace(self.contact(contact_id), forwarded_from=number))

    def caller_holds(self, contact_id: str, holds: bool = True) -> None:
        """The caller puts us on hold, or is back."""
        self.put(replace(self.contact(contact_id), caller_holds_since=self._clock.now() if holds else None))

    def calls_directly(self, contact_id: str, agent_id: str, number: str) -> None:
        """Somebody calls the agent's own number."""
        now = self._clock.now()
        self.put(ContactRow(contact_id, "direct", "+31715550111", number, "", now, agent_id=agent_id))
        self.change_agent(agent_id, direct_contact_id=contact_id)

    def leaves_message(self, contact_id: str, queue_id: str, caller_number: str | None, seconds: float) -> None:
        """A voice message waits in a queue."""
        now, queue = self._clock.now(), self.queue(queue_id)
        self.put(
            ContactRow(
                contact_id, "waiting", "+31715550101", caller_number, "", now, queue_id=queue_id, queued_at=now,
                position=1, voicemail=True, message_seconds=seconds,
            )
        )  # fmt: skip
        self.put(replace(queue, messages=queue.messages + 1))

    def hears(self, contact_id: str) -> None:
        """The agent took the message and hears it."""
        now, contact = self._clock.now(), self.contact(contact_id)
        self.change_contact(
            contact_id, state="hearing", agent_id=contact.offered_to, answered_at=now, offered_to=None, offered_at=None
        )
        self.change_agent(contact.offered_to or "", state="talking", since=now)

    def offers(self, contact_id: str, agent_id: str, reason: str = "longest-idle") -> None:
        """The contact rings at the agent's device."""
        now = self._clock.now()
        self.change_contact(contact_id, offered_to=agent_id, offered_at=now, offer_reason=reason)
        self.change_agent(agent_id, state="offered", since=now, contact_id=contact_id, warning=None)

    def misses(self, contact_id: str, warning: str = "missed") -> None:
        """The agent did not answer."""
        agent_id = self.contact(contact_id).offered_to or ""
        self.change_contact(contact_id, offered_to=None, offered_at=None, offer_reason=None)
        self.change_agent(agent_id, state="ready", since=self._clock.now(), contact_id=None, warning=warning)

    def answers(self, contact_id: str) -> None:
        """The agent took it."""
        now, contact = self._clock.now(), self.contact(contact_id)
        self.change_contact(
            contact_id, state="talking", agent_id=contact.offered_to, answered_at=now, offered_to=None, offered_at=None
        )
        self.change_agent(contact.offered_to or "", state="talking", since=now)
        self._leaves(contact, answered=1)

    def hangs_up(self, contact_id: str) -> None:
        """A waiting caller leaves."""
        self._leaves(self.contact(contact_id), abandoned=1)
        self._picture.remove(Subject.CONTACT, contact_id)

    def ends(self, contact_id: str) -> None:
        """A conversation ends; wrap-up begins."""
        now, contact = self._clock.now(), self.contact(contact_id)
        if contact.consult_by is not None:
            self._caller_leaves_consultation(contact)
        agent = self.agent(contact.agent_id or "")
        self._picture.remove(Subject.CONTACT, contact_id)
        self.put(
            replace(
                agent,
                state="wrap-up",
                since=now,
                wrap_up_until=now + WRAP_UP,
                handled_contacts=agent.handled_contacts + 1,
            )
        )

    def _caller_leaves_consultation(self, contact: ContactRow) -> None:
        now, by, colleague = self._clock.now(), contact.consult_by or "", contact.consult_agent
        self.change_agent(by, passed_to=contact.consult_target, passed_end="caller-left", passed_at=now)
        if colleague is not None:
            told = {"passed_to": self.agent(by).name, "passed_end": "consulted-caller-left", "passed_at": now}
            self.change_agent(colleague, direct_contact_id=None, **told)

    def _leaves(self, contact: ContactRow, answered: int = 0, abandoned: int = 0) -> None:
        queue = self.queue(contact.queue_id or "")
        others = [
            row.queued_at
            for row in self._picture.picture().rows.values()
            if isinstance(row, ContactRow) and row.state == "waiting" and row.queue_id == queue.queue_id
            and row.contact_id != contact.contact_id and row.queued_at is not None
        ]
        self.put(
            replace(
                queue,
                waiting=max(0, queue.waiting - 1),
                longest_waiting_since=min(others, default=None),
                offered=queue.offered + answered + abandoned,
                answered=queue.answered + answered,
                answered_in_time=queue.answered_in_time + answered,
                abandoned=queue.abandoned + abandoned,
            )
        )

    # --- Rows --------------------------------------------------------------------------------------------------------

    def agent(self, agent_id: str) -> AgentRow:
        """The agent's row."""
        row = self._picture.picture().rows.get((Subject.AGENT, agent_id))
        if not isinstance(row, AgentRow):
            raise CommandRefused("not-found", f"there is no agent {agent_id}")
        return row

    def contact(self, contact_id: str) -> ContactRow:
        """The contact's row."""
        row = self._picture.picture().rows[Subject.CONTACT, contact_id]
        assert isinstance(row, ContactRow)
        return row

    def queue(self, queue_id: str) -> QueueRow:
        """The queue's row."""
        row = self._picture.picture().rows[Subject.QUEUE, queue_id]
        assert isinstance(row, QueueRow)
        return row

    def change_agent(self, agent_id: str, **changes: object) -> None:
        """Some fields of the agent's row."""
        self.put(replace(self.agent(agent_id), **changes))  # type: ignore[arg-type]

    def change_contact(self, contact_id: str, **changes: object) -> None:
        """Some fields of the contact's row."""
        self.put(replace(self.contact(contact_id), **changes))  # type: ignore[arg-type]

    # --- What commands do --------------------------------------------------------------------------------------------

    def _log_on(self, command: commands.LogOn) -> None:
        agent = self.agent(command.agent_id)
        self._set_status(command.agent_id, "available", None)
        self.change_agent(command.agent_id, serves=tuple(command.queue_ids or agent.memberships))
        self._count_agents()

    def _log_off(self, command: commands.LogOff) -> None:
        self._set_status(command.agent_id, "logged-off", None)

    def _go_on_break(self, command: commands.GoOnBreak) -> None:
        self._set_status(command.agent_id, "on-break", command.reason)

    def _become_available(self, command: commands.BecomeAvailable) -> None:
        self._set_status(command.agent_id, "available", None)

    def _set_status(self, agent_id: str, status: str, reason: str | None) -> None:
        agent = self.agent(agent_id)
        since = self._clock.now() if agent.state == "ready" else agent.since
        self.change_agent(agent_id, status=status, reason=reason, since=since, warning=None)
        self._count_agents()

    def _serve_queues(self, command: commands.ServeQueues) -> None:
        self.change_agent(command.agent_id, serves=tuple(command.queue_ids))
        self._count_agents()

    def _decline_offer(self, command: commands.DeclineOffer) -> None:
        contact_id = self.agent(command.agent_id).contact_id
        if contact_id is None:
            raise CommandRefused("not-now", "no offer runs")
        self.misses(contact_id, warning="")

    def _report(self, command: commands.ReportSoftphone) -> None:
        self.change_agent(command.agent_id, softphone=True, softphone_page=command.page, device_fault=command.fault)

    def _leave(self, command: commands.LeaveSoftphone) -> None:
        self.change_agent(command.agent_id, softphone=True, softphone_page=command.page, device_fault="no-page")

    def _hold(self, command: commands.HoldContact) -> None:
        self.change_contact(self._talking(command.agent_id), held_since=self._clock.now())

    def _resume(self, command: commands.ResumeContact) -> None:
        self.change_contact(self._talking(command.agent_id), held_since=None)

    def _record(self, command: commands.StartRecording | commands.ResumeRecording) -> None:
        self.change_contact(self._talking(command.agent_id), recording="on", recording_resumes_at=None)

    def _pause_recording(self, command: commands.PauseRecording) -> None:
        resumes_at = self._clock.now() + timedelta(seconds=PAUSE_SECONDS)
        self.change_contact(self._talking(command.agent_id), recording="paused", recording_resumes_at=resumes_at)

    def _extend_recording_pause(self, command: commands.ExtendRecordingPause) -> None:
        contact_id = self._talking(command.agent_id)
        until = self.contact(contact_id).recording_resumes_at or self._clock.now()
        self.change_contact(contact_id, recording_resumes_at=until + timedelta(seconds=command.seconds))

    def _listen(self, command: commands.ListenIn) -> None:
        self._talking(command.agent_id)
        mode = {commands.Whisper: "whisper", commands.BargeIn: "barge"}.get(type(command), "listen")
        self.change_agent(command.agent_id, listened_by=command.by, listening=mode, listening_told=True)
        if (Subject.AGENT, command.by) in self._picture.picture().rows:
            self.change_agent(command.by, listens_to=command.agent_id, listens_mode=mode)

    def _stop_listening(self, command: commands.StopListening) -> None:
        self.change_agent(command.agent_id, listened_by=None, listening=None, listening_told=False)
        if (Subject.AGENT, command.by) in self._picture.picture().rows:
            self.change_agent(command.by, listens_to=None, listens_mode=None)

    def _hang_up(self, command: commands.HangUpContact) -> None:
        self.ends(self._talking(command.agent_id))

    def _end_wrap_up(self, command: commands.EndWrapUp) -> None:
        self.change_agent(
            command.agent_id, state="ready", since=self._clock.now(), contact_id=None, wrap_up_until=None
        )

    def _extend_wrap_up(self, command: commands.ExtendWrapUp) -> None:
        until = self.agent(command.agent_id).wrap_up_until or self._clock.now()
        self.change_agent(command.agent_id, wrap_up_until=until + timedelta(seconds=command.seconds))

    def _call_number(self, command: commands.CallNumber) -> None:
        now, key = self._clock.now(), f"direct-{command.agent_id}"
        self.put(ContactRow(key, "direct", command.number, None, "", now, agent_id=command.agent_id, outbound=True))
        self.change_agent(command.agent_id, direct_contact_id=key)

    def is_busy(self, agent_id: str) -> None:
        """Who was called by the agent does not come."""
        agent = self.agent(agent_id)
        self._picture.remove(Subject.CONTACT, agent.direct_contact_id or "")
        self.change_agent(agent_id, direct_contact_id=None, direct_calls=agent.direct_calls + 1)

    def _end_direct_call(self, command: commands.EndDirectCall) -> None:
        self.is_busy(command.agent_id)

    def _consult(self, command: commands.Consult) -> None:
        agent = self._picture.picture().rows.get((Subject.AGENT, command.key))
        name = agent.name if isinstance(agent, AgentRow) else command.name or command.key
        self.change_contact(
            self._talking(command.agent_id),
            consult_state="ringing",
            consult_target=name,
            consult_since=self._clock.now(),
            consult_by=command.agent_id,
            consult_agent=command.key if isinstance(agent, AgentRow) else None,
            held_since=self._clock.now(),
        )
        if isinstance(agent, AgentRow):
            self.change_agent(command.key, direct_contact_id=self._talking(command.agent_id))

    def _park(self, command: commands.ParkContact) -> None:
        contact_id, now = self._talking(command.agent_id), self._clock.now()
        self.change_contact(
            contact_id,
            state="passing",
            agent_id=None,
            answered_at=None,
            consult_state="parked",
            consult_target=self.agent(command.key).name,
            consult_since=now,
            consult_by=command.agent_id,
            consult_agent=command.key,
        )
        self.change_agent(command.agent_id, state="wrap-up", since=now)

    def parked_contact_goes_back(self, contact_id: str) -> None:
        """Nobody picked it up: it waits in front."""
        row = self.contact(contact_id)
        by, target = row.consult_by, row.consult_target
        fields = {f"consult_{each}": None for each in ("state", "target", "since", "by", "agent")}
        self.change_contact(contact_id, state="waiting", **fields)
        self.change_agent(by or "", passed_to=target, passed_end="end-in-queue", passed_at=self._clock.now())

    def _pick_up(self, command: commands.PickUpContact) -> None:
        if self.contact(command.contact_id).consult_state != "parked":
            raise CommandRefused("not-parked", "the contact is not parked")
        self.change_contact(command.contact_id, consult_state="passing", consult_agent=command.agent_id)
        self.change_agent(command.agent_id, direct_contact_id=command.contact_id)

    def target_answers(self, contact_id: str) -> None:
        """Who is consulted picks up."""
        self.change_contact(contact_id, consult_state="with-target")

    def consultation_ends(self, contact_id: str) -> None:
        """The caller is with the agent again."""
        target = self.contact(contact_id).consult_agent
        fields = ("state", "target", "since", "by", "agent")
        self.change_contact(contact_id, held_since=None, **{f"consult_{each}": None for each in fields})
        if target:
            self.change_agent(target, direct_contact_id=None)

    def _take_back(self, command: commands.TakeBack) -> None:
        self.consultation_ends(self._talking(command.agent_id))

    def _swap(self, command: commands.SwapParties) -> None:
        contact_id = self._talking(command.agent_id)
        state = "with-caller" if self.contact(contact_id).consult_state == "with-target" else "with-target"
        self.change_contact(contact_id, consult_state=state)

    def _join(self, command: commands.JoinParties) -> None:
        self.change_contact(self._talking(command.agent_id), consult_state="together")

    def _pass_on(self, command: commands.CompleteTransfer | commands.TransferContact) -> None:
        contact_id = self._talking(command.agent_id)
        self.consultation_ends(contact_id)
        self.change_contact(contact_id, state="transferred", agent_id=None)
        self.change_agent(command.agent_id, state="wrap-up", since=self._clock.now())

    def _note(self, command: commands.NoteContact) -> None:
        """Nobody reads it."""

    def _hear_message(self, command: commands.ReplayMessage | commands.CallSender) -> None:
        agent = self.agent(command.agent_id)
        if agent.contact_id is None or self.contact(agent.contact_id).state != "hearing":
            raise CommandRefused("not-now", "the agent hears no message")

    def _send_digits(self, command: commands.SendDigits) -> None:
        self._talking(command.agent_id)

    def _talking(self, agent_id: str) -> str:
        agent = self.agent(agent_id)
        if agent.state != "talking" or agent.contact_id is None:
            raise CommandRefused("not-now", "the agent is in no conversation")
        return agent.contact_id

    def _assign(self, command: commands.AssignQueue) -> None:
        agent = self.agent(command.agent_id)
        levels = dict(zip(agent.memberships, agent.levels, strict=False)) | {str(command.queue_id): command.level}
        self._set_memberships(command.agent_id, levels)
        if agent.status != "logged-off":
            self.change_agent(command.agent_id, serves=tuple(sorted({*agent.serves, str(command.queue_id)})))
        self._count_agents()

    def _remove(self, command: commands.RemoveFromQueue) -> None:
        agent = self.agent(command.agent_id)
        if command.queue_id not in agent.memberships:
            raise CommandRefused("not-a-member", f"the agent is no member of {command.queue_id}")
        levels = dict(zip(agent.memberships, agent.levels, strict=False))
        del levels[command.queue_id]
        self._set_memberships(command.agent_id, levels)
        serves = tuple(each for each in agent.serves if each != command.queue_id)
        self.change_agent(command.agent_id, serves=serves)
        self._count_agents()

    def _set_memberships(self, agent_id: str, levels: dict[str, int]) -> None:
        self.change_agent(agent_id, memberships=tuple(levels), levels=tuple(levels.values()))

    def _open(self, command: commands.OpenQueue) -> None:
        self.put(replace(self.queue(command.queue_id), open=True, steered=True))

    def _close(self, command: commands.CloseQueue) -> None:
        self.put(replace(self.queue(command.queue_id), open=False, steered=True))
        if command.move_waiting:
            for contact in self._waiting(command.queue_id):
                self.hangs_up(contact.contact_id)

    def _follow_timetable(self, command: commands.FollowTimetable) -> None:
        self.put(replace(self.queue(command.queue_id), open=True, steered=False))

    def _move(self, command: commands.MoveContact) -> None:
        key = (Subject.CONTACT, str(command.contact_id))
        if key not in self._picture.picture().rows:
            raise CommandRefused("not-found", f"there is no contact {command.contact_id}")
        contact = self.contact(command.contact_id)
        if contact.state != "waiting":
            raise CommandRefused("not-waiting", "the contact does not wait any more")
        there = self.queue(command.queue_id)
        self._leaves(contact)
        self.change_contact(contact.contact_id, queue_id=command.queue_id)
        self.put(replace(there, waiting=there.waiting + 1, longest_waiting_since=contact.queued_at))

    def _assign_contact(self, command: commands.AssignContact) -> None:
        contact, agent = self.contact(command.contact_id), self.agent(command.agent_id)
        if agent.state != "ready":
            raise CommandRefused("agent-engaged", "the agent has a contact already")
        if contact.state == "talking":
            self.change_agent(contact.agent_id or "", state="wrap-up", contact_id=None)
        if contact.offered_to is not None:
            self.change_agent(contact.offered_to, state="ready", contact_id=None)
        self.offers(command.contact_id, command.agent_id, "assigned")

    def _set_emergency(self, command: commands.SetEmergency) -> None:
        by = STEERS.get(command.by, command.by)
        what = (command.scope, command.message, self._clock.now(), command.until, command.then, command.flow)
        queue = self._picture.picture().rows.get((Subject.QUEUE, command.scope))
        self.put(EmergencyRow(*what, by, queue.name if isinstance(queue, QueueRow) else ""))

    def _end_emergency(self, command: commands.EndEmergency) -> None:
        if (Subject.EMERGENCY, command.scope) not in self._picture.picture().rows:
            raise CommandRefused("not-found", f"there is no emergency message {command.scope}")
        self._picture.remove(Subject.EMERGENCY, command.scope)

    def _acknowledge(self, command: commands.AcknowledgeAlarm) -> None:
        row = self._picture.picture().rows.get((Subject.ALARM, key_of(command.queue_id, command.kind)))
        if not isinstance(row, AlarmRow):
            raise CommandRefused("not-found", f"there is no alarm {command.kind}")
        by = STEERS.get(command.by, command.by)
        self.put(replace(row, acknowledged_by=by, acknowledged_at=self._clock.now()))

    def alarm(self, queue_id: str, kind: str, value: float, level: float) -> None:
        """A figure crosses its threshold."""
        self.put(AlarmRow(queue_id, kind, self._clock.now(), value, level, self.queue(queue_id).name))

    def clears(self, queue_id: str, kind: str) -> None:
        """It is calm again."""
        self._picture.remove(Subject.ALARM, key_of(queue_id, kind))

    def _use_message(self, command: commands.UseMessage) -> None:
        self.used_messages[command.message] = UsedVersion(command.version, command.by, self._clock.now())

    def _waiting(self, queue_id: str) -> list[ContactRow]:
        rows = self._picture.picture().rows.values()
        contacts = [row for row in rows if isinstance(row, ContactRow) and row.state == "waiting"]
        return [row for row in contacts if row.queue_id == queue_id]

    def _count_agents(self) -> None:
        rows = self._picture.picture().rows.values()
        agents = [row for row in rows if isinstance(row, AgentRow) and row.status != "logged-off"]
        for queue in [row for row in rows if isinstance(row, QueueRow)]:
            serving = [agent for agent in agents if queue.queue_id in agent.serves]
            ready = sum(agent.status == "available" and agent.state == "ready" for agent in serving)
            talking = sum(agent.state == "talking" for agent in serving)
            self.put(replace(queue, agents_logged_on=len(serving), agents_ready=ready, agents_talking=talking))

    def _start_chat(self, command: commands.StartChat) -> None:
        now, key = self._clock.now(), command.contact_id
        row = ContactRow(
            key, "waiting", "www.noordwijk.nl", command.address or None, command.name, now, queue_id="burgerzaken",
            queued_at=now, position=1, channel="web-chat",
        )  # fmt: skip
        if (Subject.CHAT, key) not in self._picture.picture().rows:
            self.put(ChatRow(key, "www.noordwijk.nl"))
            self.put(row)
            self._add_line(key, "customer", command.text, "", command.token)

    def _write_in_chat(self, command: commands.WriteInChat) -> None:
        self._add_line(command.contact_id, "customer", command.text, "", command.token)

    def _add_line(self, key: str, author: str, text: str, name: str, token: str) -> None:
        rows = self._picture.picture().rows.values()
        lines = [row for row in rows if isinstance(row, ChatLineRow) and row.contact_id == key]
        if not token or token not in {line.token for line in lines}:
            self.put(ChatLineRow(key, len(lines) + 1, self._clock.now(), author, text, name, token))

    def _take_message(self, command: commands.TakeMessage) -> None:
        now, rows = self._clock.now(), self._picture.picture().rows.values()
        running = (row for row in rows if isinstance(row, ContactRow) and row.caller_number == command.sender)
        key = next((row.contact_id for row in running if row.channel == "whatsapp"), f"w{command.token}")
        if (Subject.CHAT, key) not in self._picture.picture().rows:
            row = ContactRow(
                key, "waiting", "WhatsApp Noordwijk", command.sender, command.name, now, queue_id="burgerzaken",
                queued_at=now, position=1, channel="whatsapp",
            )  # fmt: skip
            self.put(ChatRow(key, "WhatsApp Noordwijk"))
            self.put(row)
        self._add_line(key, "customer", command.text, "", command.token)

    def _note_undelivered(self, command: commands.NoteUndelivered) -> None:
        row = self._picture.picture().rows.get((Subject.CHAT_LINE, f"{command.contact_id}/{command.line}"))
        if isinstance(row, ChatLineRow):
            self.put(replace(row, fault=command.fault))

    def _see_chat(self, command: commands.SeeChat | commands.LoseChat) -> None:
        row = self._picture.picture().rows.get((Subject.CHAT, command.contact_id))
        if command.contact_id in self.still_runs:
            return
        if not isinstance(row, ChatRow) or row.end is not None:
            raise CommandRefused("chat-ended", "the chat has ended")
        if isinstance(command, commands.SeeChat) and command.read > row.read:
            self.put(replace(row, read=command.read))

    def vanishes(self, subject: Subject, key: str) -> None:
        """A row that is not there, or not yet."""
        self._picture.remove(subject, key)

    def ends_chat(self, contact_id: str, end: str) -> None:
        """It is over; customer and agent still see what was written."""
        self.put(ChatRow(contact_id, "www.noordwijk.nl", end=end))
        self._picture.remove(Subject.CONTACT, contact_id)

    def _leave_chat(self, command: commands.LeaveChat) -> None:
        self.ends_chat(command.contact_id, "customer")

    def _accept_chat(self, command: commands.AcceptChat) -> None:
        agent = self.agent(command.agent_id)
        key = command.contact_id or agent.contact_id or ""
        now = self._clock.now()
        self.change_contact(key, state="talking", agent_id=agent.agent_id, answered_at=now, offered_to=None)
        self.put(ChatRow(key, "www.noordwijk.nl", agent=agent.name))
        self.change_agent(agent.agent_id, state="talking", since=now, contact_id=key)

    def _type_in_chat(self, command: commands.TypeInChat) -> None:
        self._change_chat(command.contact_id, customer_writes_until=self._clock.now() + timedelta(seconds=6))

    def _type_answer(self, command: commands.TypeAnswer) -> None:
        until = self._clock.now() + timedelta(seconds=6)
        self._change_chat(self._talking(command.agent_id), agent_writes_until=until)

    def _note_read(self, command: commands.NoteRead) -> None:
        self._change_chat(command.contact_id, read=command.line)

    def _change_chat(self, key: str, **changes: Any) -> None:
        row = self._picture.picture().rows.get((Subject.CHAT, key))
        if isinstance(row, ChatRow):
            self.put(replace(row, **changes))

    def _answer_chat(self, command: commands.AnswerChat) -> None:
        agent = self.agent(command.agent_id)
        self._add_line(self._talking(command.agent_id), "agent", command.text, agent.name, command.token)


STEPS: dict[type[Command], Callable[..., None]] = {
    commands.LogOn: FakeController._log_on,
    commands.LogOff: FakeController._log_off,
    commands.GoOnBreak: FakeController._go_on_break,
    commands.BecomeAvailable: FakeController._become_available,
    commands.ServeQueues: FakeController._serve_queues,
    commands.AssignQueue: FakeController._assign,
    commands.RemoveFromQueue: FakeController._remove,
    commands.OpenQueue: FakeController._open,
    commands.CloseQueue: FakeController._close,
    commands.FollowTimetable: FakeController._follow_timetable,
    commands.MoveContact: FakeController._move,
    commands.AssignContact: FakeController._assign_contact,
    commands.ActivateConfiguration: lambda *_: None,
    commands.DeclineOffer: FakeController._decline_offer,
    commands.CallNumber: FakeController._call_number,
    commands.EndDirectCall: FakeController._end_direct_call,
    commands.Consult: FakeController._consult,
    commands.TransferContact: FakeController._pass_on,
    commands.ParkContact: FakeController._park,
    commands.PickUpContact: FakeController._pick_up,
    commands.TakeBack: FakeController._take_back,
    commands.SwapParties: FakeController._swap,
    commands.JoinParties: FakeController._join,
    commands.CompleteTransfer: FakeController._pass_on,
    commands.NoteContact: FakeController._note,
    commands.ReplayMessage: FakeController._hear_message,
    commands.CallSender: FakeController._hear_message,
    commands.SendDigits: FakeController._send_digits,
    commands.ReportSoftphone: FakeController._report,
    commands.LeaveSoftphone: FakeController._leave,
    commands.HoldContact: FakeController._hold,
    commands.ResumeContact: FakeController._resume,
    commands.HangUpContact: FakeController._hang_up,
    commands.ListenIn: FakeController._listen,
    commands.Whisper: FakeController._listen,
    commands.BargeIn: FakeController._listen,
    commands.StopListening: FakeController._stop_listening,
    commands.StartRecording: FakeController._record,
    commands.PauseRecording: FakeController._pause_recording,
    commands.ExtendRecordingPause: FakeController._extend_recording_pause,
    commands.ResumeRecording: FakeController._record,
    commands.StartChat: FakeController._start_chat,
    commands.WriteInChat: FakeController._write_in_chat,
    commands.TakeMessage: FakeController._take_message,
    commands.NoteUndelivered: FakeController._note_undelivered,
    commands.NoteRead: FakeController._note_read,
    commands.TypeInChat: FakeController._type_in_chat,
    commands.TypeAnswer: FakeController._type_answer,
    commands.SeeChat: FakeController._see_chat,
    commands.LoseChat: FakeController._see_chat,
    commands.LeaveChat: FakeController._leave_chat,
    commands.AcceptChat: FakeController._accept_chat,
    commands.AnswerChat: FakeController._answer_chat,
    commands.EndWrapUp: FakeController._end_wrap_up,
    commands.ExtendWrapUp: FakeController._extend_wrap_up,
    commands.AcknowledgeAlarm: FakeController._acknowledge,
    commands.ForgetCaller: lambda *_: None,
    commands.SetEmergency: FakeController._set_emergency,
    commands.EndEmergency: FakeController._end_emergency,
    commands.UseMessage: FakeController._use_message,
}
