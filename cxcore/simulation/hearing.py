"""One caller who is heard from the caller's end: the core's own services in simulated time, with nobody at work.

Nothing of the dialplan is rewritten here: the real floor, services and timers order a switch that notes what the caller
hears, and `Workplace.on_walk` tells the reasons.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import PurePath

from cxcore.domain.announcing import menu_of, seconds_to_next
from cxcore.domain.contact import Contact, ContactState
from cxcore.domain.dialplan import Enqueue, Menu, Next, Passed, Transfer, Voicemail
from cxcore.domain.events import CallBackAsked, ContactLeftQueue, VoiceMessageBegun
from cxcore.domain.floor import Floor
from cxcore.domain.queue import Queue, QueueId
from cxcore.domain.site import Site
from cxcore.domain.tidings import LegArrived, Tiding
from cxcore.ports.inspection import (
    AS_CONFIGURED,
    SITE_LANGUAGE,
    Circumstances,
    HeardKind,
    HeardStep,
    SpokenPrompt,
    SupposedCall,
    Voices,
)
from cxcore.ports.switch import Prompts, Question
from cxcore.runner.timers import TimerHeap
from cxcore.services import hours
from cxcore.services.dispatch import work_off_tiding
from cxcore.services.workplace import Workplace
from cxcore.simulation.agenda import Agenda
from cxcore.simulation.listener import LEG, ListeningSwitch

LONGEST_CALL = timedelta(hours=2)
"""How long the caller is followed who waits on and on."""


class AnyPrompt(dict[str, PurePath]):
    """The prompts of the site's language; one that it lacks is heard as a prompt without text."""

    def __missing__(self, name: str) -> PurePath:
        return PurePath(SITE_LANGUAGE) / name


class Hearing:
    """Follows one call of a site."""

    def __init__(
        self, site: Site, voices: Voices, call: SupposedCall, circumstances: Circumstances = AS_CONFIGURED
    ) -> None:
        self._call, self._voices = call, voices
        self.steps: list[HeardStep] = []
        self._keys = deque(call.keys)
        self._tidings: deque[Tiding] = deque()
        self._agenda = Agenda(call.at)
        self._timers = TimerHeap()
        self._floor = Floor(site, switch_connected=True)
        self._floor.queue_overrides.update(circumstances.queues_at(call.at))
        self._floor.emergencies.update(circumstances.emergencies_at(call.at))
        self._floor.lay_over()
        for agent in self._floor.agents.values():
            agent.device_fault = None  # a softphone that is not open now may be open then
        self._switch = ListeningSwitch(self._agenda, self._tidings.append, self)
        self._work = self._workplace()
        self._due: Next | None = None
        self._told: set[tuple[str, ...]] = set()

    def _workplace(self) -> Workplace:
        count = itertools.count(1)
        sounds = AnyPrompt(self._voices.sounds(SITE_LANGUAGE))
        identity: Callable[[], str] = lambda: str(next(count))  # noqa: E731 - two words, used once
        work = Workplace(self._floor, self._switch, self._timers, sounds, identity, lambda now: now + timedelta(days=1))
        others = (language for language in self._voices.texts if language != SITE_LANGUAGE)
        work.translations = {language: self._voices.sounds(language) for language in others}
        work.on_walk = self._walks
        return work

    def steps_until(self, enough: Callable[[HeardStep], bool]) -> Iterator[HeardStep]:
        """What is heard, until the call ends, nothing changes any more, or a step is enough to know."""
        hours.watch_timetables(self._work, self._call.at)
        call = self._call
        party = (call.dialled_number, call.caller_number, "", call.forwarded_from)
        self._tidings.append(LegArrived(call.at, LEG, *party))
        given, goes_on = 0, True
        while goes_on:
            self._settle()
            settled = len(self.steps)
            for step in self.steps[given:settled]:
                yield step
                if enough(step):
                    return
            goes_on = self._goes_on()
            given = settled
        yield from self.steps[given:]

    # --- Time ---

    def _goes_on(self) -> bool:
        """Let the clock stand at the next instant at which something happens; False when the call is over."""
        if self._switch.is_over:
            return False
        planned, timed = self._agenda.next_at(), self._timers.next_at()
        due = min((at for at in (planned, timed) if at is not None), default=None)
        if due is None or due > self._call.at + LONGEST_CALL:
            self._note(HeardKind.WAITS_ON, subject=self._queue_id())
            return False
        self._agenda.now = due
        if planned == due:
            self._agenda.let_happen()
        return True

    def _settle(self) -> None:
        while True:
            while self._tidings:
                work_off_tiding(self._work, self._tidings.popleft())
                self._notice_facts()
            for tiding in self._timers.due(self._agenda.now):
                work_off_tiding(self._work, tiding)
                self._notice_facts()
            if not self._tidings:
                return

    def _notice_facts(self) -> None:
        facts, self._work.facts = self._work.facts, []
        for fact in facts:
            if isinstance(fact, CallBackAsked):
                self._note(HeardKind.CALL_BACK, subject=fact.queue_id)
            elif isinstance(fact, VoiceMessageBegun):
                self._note(HeardKind.RECORDED, subject=fact.queue_id)

    # --- What the dialplan decided ---

    def _walks(self, contact: Contact, due: Next) -> None:
        self._notice_departure(contact)
        untold = self._due.passed if self._due is not None else ()
        self._due = replace(due, passed=(*untold, *due.passed))
        if isinstance(due.step, Enqueue):
            self._note_queue(self._floor.queue(due.step.queue_id))

    def _notice_departure(self, contact: Contact) -> None:
        """The contact has just left its queue because nobody came, or because that closed."""
        left = next((fact for fact in self._work.facts if isinstance(fact, ContactLeftQueue)), None)
        if left is None or contact.state is not ContactState.IN_FLOW or left.waited_seconds == 0:
            return
        queue = self._floor.queue(left.queue_id)
        chosen = bool(self.steps and self.steps[-1].kind is HeardKind.ASKED and self.steps[-1].key)
        limit = queue.maximum_wait_seconds
        kind = HeardKind.TOO_LONG if limit is not None and left.waited_seconds >= limit else HeardKind.MOVED
        if not chosen:
            self._note(kind, subject=queue.queue_id, seconds=left.waited_seconds)

    def _note_queue(self, queue: Queue) -> None:
        now = self._agenda.now
        opening = None if queue.hours is None else queue.hours.opening(now)
        if not self._floor.is_open(queue.queue_id, now):
            kind = HeardKind.QUEUE_CLOSED
        elif queue.full_flow is not None and self._floor.is_full(queue.queue_id):
            kind = HeardKind.QUEUE_FULL
        else:
            kind = HeardKind.QUEUED
        by_hand = queue.queue_id in self._floor.queue_overrides
        self._note(kind, subject=queue.queue_id, opening=None if by_hand else opening, by_hand=by_hand)

    # --- What the switch was told ---

    def hears_answer(self) -> None:
        """The call is answered; who is to wait is answered first."""
        waits = self.steps.pop() if self.steps and self.steps[-1].kind is HeardKind.QUEUED else None
        self._note(HeardKind.ANSWERED)
        if waits is not None:
            answered = replace(self.steps[-1], flow=waits.flow, index=waits.index)
            self.steps[-1:] = [answered, waits]

    def hears(self, sounds: Prompts) -> float:
        """Prompts are played; returns how many seconds they take."""
        self._notice_facts()
        prompts = tuple(self._voices.spoken(sound) for sound in sounds)
        if self._is_new_to_who_waits(prompts):
            self._note(HeardKind.SAID, prompts=prompts, again_every_seconds=self._again())
        return sum(prompt.seconds for prompt in prompts)

    def is_asked(self, question: Question) -> tuple[float, str]:
        """A question is asked; returns after how many seconds it is answered, and with which key."""
        prompts = tuple(self._voices.spoken(sound) for sound in question.prompts)
        contact, menu = self._contact(), self._due.step if self._due else None
        waits = contact is not None and contact.state is ContactState.WAITING
        key = self._keys.popleft() if self._keys else ""
        self._notice_facts()
        if not isinstance(menu, Voicemail) and self._is_new_to_who_waits(prompts):
            step = HeardStep(0, HeardKind.ASKED, prompts, key=key, again_every_seconds=self._again())
            self._add(self._with_wait_choices(step) if waits else self._with_choices(step, menu))
        spoken = sum(prompt.seconds for prompt in prompts)
        return spoken + (0.0 if key else question.timeout_seconds), key

    def _with_choices(self, step: HeardStep, menu: object) -> HeardStep:
        if not isinstance(menu, Menu) or self._due is None:
            return step
        dialplan, moment, position = self._floor.site.dialplan, self._floor.moment(self._agenda.now), self._due.position
        reasons = {key: dialplan.why_not_offered(menu, key, moment) for key in menu.choices}
        return replace(
            step,
            choices={key: menu.choices[key] for key, reason in reasons.items() if reason is None},
            withheld={key: Passed(position, reason) for key, reason in reasons.items() if reason is not None},
        )

    def _with_wait_choices(self, step: HeardStep) -> HeardStep:
        contact, queue = self._contact(), self._queue()
        if contact is None or queue is None or queue.announcement is None:
            return step
        menu = menu_of(queue.announcement, contact.announcements_heard)
        return replace(step, subject=queue.queue_id, choices=dict(menu.choices) if menu else {})

    def _is_new_to_who_waits(self, prompts: tuple[SpokenPrompt, ...]) -> bool:
        """A text of a queue is noted once, with how often it comes again."""
        contact = self._contact()
        if contact is None or contact.state is not ContactState.WAITING:
            return True
        names = tuple(prompt.name for prompt in prompts)
        is_new = names not in self._told
        self._told.add(names)
        return is_new

    def _again(self) -> int | None:
        contact, queue = self._contact(), self._queue()
        if contact is None or queue is None or queue.announcement is None:
            return None
        heard = contact.announcements_heard
        repeats = queue.announcement.repeat is None or heard > 0
        return seconds_to_next(queue.announcement, heard + 1) if repeats else None

    def rings(self, destination: str, seconds: int) -> None:
        """A number or device is called."""
        last = self.steps[-1] if self.steps else None
        if last is not None and last.kind is HeardKind.RINGS and last.after_seconds == self._after():
            self.steps[-1] = replace(last, subject=f"{last.subject}, {destination}")
        else:
            self._note(HeardKind.RINGS, subject=destination, seconds=seconds)

    def is_not_answered(self, destination: str) -> None:
        """Nobody answered."""
        if self._due is None or not isinstance(self._due.step, Transfer) or not self._due.step.together:
            self._note(HeardKind.NOT_ANSWERED, subject=destination)
        elif self.steps[-1].kind is not HeardKind.NOT_ANSWERED:
            self._note(HeardKind.NOT_ANSWERED, subject=", ".join(self._due.step.destinations))

    def is_hung_up(self) -> None:
        """The call ends."""
        began = any(step.kind is not HeardKind.NO_SUCH_NUMBER for step in self.steps) or self._due is not None
        self._note(HeardKind.ENDED if began else HeardKind.NO_SUCH_NUMBER)

    # --- Notes ---

    def _note(self, kind: HeardKind, **details: object) -> None:
        self._add(replace(HeardStep(0, kind), **details))  # type: ignore[arg-type]

    def _add(self, step: HeardStep) -> None:
        due = self._due
        if due is not None:
            step = replace(step, flow=due.position.flow, index=due.position.index, passed=due.passed)
            self._due = replace(due, passed=())  # the reasons are told once
        self.steps.append(replace(step, after_seconds=self._after()))

    def _after(self) -> float:
        return (self._agenda.now - self._call.at).total_seconds()

    def _contact(self) -> Contact | None:
        return self._floor.contact_of_leg(LEG)

    def _queue(self) -> Queue | None:
        contact = self._contact()
        waits = contact is not None and contact.state is ContactState.WAITING
        return self._floor.site.queues.get(QueueId(self._queue_id())) if waits else None

    def _queue_id(self) -> str:
        contact = self._contact()
        return (contact.queue_id or "") if contact is not None else ""


def to_the_end(_step: HeardStep) -> bool:
    """Nothing is enough."""
    return False


def hear(
    site: Site,
    voices: Voices,
    call: SupposedCall,
    enough: Callable[[HeardStep], bool] = to_the_end,
    circumstances: Circumstances = AS_CONFIGURED,
) -> tuple[HeardStep, ...]:
    """What the caller hears, until the end or a step that is enough to know."""
    return tuple(Hearing(site, voices, call, circumstances).steps_until(enough))
