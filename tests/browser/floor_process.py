"""A web process with a fake core: `python -m tests.browser.floor_process`. Prints two ports, one JSON line.

The first port serves the pages. The second takes a test's orders, `POST /<method of FakeController>` with a JSON list
of arguments: a test moves the floor while a browser looks at it. With `--demo PORT` the floor is busy by itself.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import json  # noqa: E402
import logging  # noqa: E402
import random  # noqa: E402
import sys  # noqa: E402
from dataclasses import replace  # noqa: E402
from datetime import timedelta  # noqa: E402

import gevent  # noqa: E402
from flask import Flask, request  # noqa: E402

from admin_web.app import WebPorts, WebSettings, create_app  # noqa: E402
from admin_web.server import make_server  # noqa: E402
from admin_web.web_ports import DeskPorts, MessagePorts  # noqa: E402
from cxcore.domain.agent import AgentId  # noqa: E402
from cxcore.domain.commands import (  # noqa: E402
    AcknowledgeAlarm,
    AssignQueue,
    GoOnBreak,
    LogOff,
    LogOn,
    SeeChat,
    SetEmergency,
    StartChat,
    TakeMessage,
    TypeInChat,
    WriteInChat,
)
from cxcore.domain.contact import Channel, ContactId, Direction, Outcome  # noqa: E402
from cxcore.domain.events import Fact, RecordingPaused, RecordingResumed  # noqa: E402
from cxcore.domain.presence import Availability, BusyPeriod, Presence  # noqa: E402
from cxcore.domain.quality import Line  # noqa: E402
from cxcore.domain.queue import QueueId  # noqa: E402
from cxcore.domain.recording import PauseReason  # noqa: E402
from cxcore.ports.agent_calls import AgentCall, CallKind, EarlierContact  # noqa: E402
from cxcore.ports.controller import AgentRow, CommandRefused, QueueRow, Subject, WrittenRow  # noqa: E402
from cxcore.ports.employees import Employees  # noqa: E402
from cxcore.ports.reports import ContactLine, SoundFigures  # noqa: E402
from cxcore.runner.clock import SystemClock, last_midnight  # noqa: E402
from cxcore.storage.employees import SqlEmployees  # noqa: E402
from cxcore.storage.engine import open_engine  # noqa: E402
from tests.browser.day import course_of_the_day, facts_of  # noqa: E402
from tests.cast import cast_accounts  # noqa: E402
from tests.fakes.agent_calls import FakeAgentCalls  # noqa: E402
from tests.fakes.audit import FakeAudit  # noqa: E402
from tests.fakes.configurations import FakeConfigurations  # noqa: E402
from tests.fakes.controller import FakeController  # noqa: E402
from tests.fakes.desks import FakeDesks  # noqa: E402
from tests.fakes.directory import FakeDirectory  # noqa: E402
from tests.fakes.employees import demo_employees  # noqa: E402
from tests.fakes.faults import FakeFaults, FakeLogs  # noqa: E402
from tests.fakes.inspection import DemoInspection  # noqa: E402
from tests.fakes.messages import FakeMessageCatalogue, FakeMessageVersions, FakeSoundLibrary  # noqa: E402
from tests.fakes.presence import FakePresence  # noqa: E402
from tests.fakes.privacy import FakePrivacy  # noqa: E402
from tests.fakes.recordings import FakeRecordings  # noqa: E402
from tests.fakes.reports import FakeReports  # noqa: E402
from tests.fakes.service_desk import FakePhonePins  # noqa: E402
from tests.fakes.site_texts import NOORDWIJK, demo_texts  # noqa: E402
from tests.fakes.wallboards import FakeWallboards  # noqa: E402
from tests.sounds import stereo, tone, wav  # noqa: E402

FIGURES = ("offered", "answered", "answered_in_time", "abandoned", "quick_drops", "average_wait_seconds")
QUEUES: dict[str, tuple[str, tuple[float, ...]]] = {
    "burgerzaken": ("Burgerzaken", (112, 104, 88, 8, 5, 21.4)),
    "bouwen-en-wonen": ("Bouwen en wonen", (41, 40, 37, 1, 1, 11.0)),
    "afval-en-milieu": ("Afval en milieu", (63, 55, 40, 8, 2, 34.0)),
    "receptie": ("Receptie", ()),
}
AGENTS = {
    "anna": ("Anna de Vries", ("burgerzaken", "receptie")),
    "bram": ("Bram Jansen", ("burgerzaken", "bouwen-en-wonen")),
    "chris": ("Chris Bakker", ("bouwen-en-wonen", "afval-en-milieu")),
    "dirk": ("Dirk Visser", ("afval-en-milieu", "receptie")),
}


def build_floor(clock: SystemClock) -> FakeController:
    """The demo site, everybody logged off."""
    core = FakeController(clock)
    for queue_id, (name, figures) in QUEUES.items():
        core.add_queue(queue_id, name, **dict(zip(FIGURES, figures, strict=False)))
    for agent_id, (name, memberships) in AGENTS.items():
        core.add_agent(agent_id, name, memberships)
    core.add_system("switch")
    core.add_system("database")
    return core


class Orders:
    """What a test may ask beside the methods of the fake core."""

    def __init__(self, core: FakeController, reports: FakeReports, calls: FakeAgentCalls) -> None:
        self._core, self._reports, self._calls = core, reports, calls
        self.directory = FakeDirectory()
        self._kept = list(reports.facts)

    def keep(self, like: str, contact_id: str, count: int) -> None:
        """Let the log hold the first facts of one contact for another."""
        facts = [fact for fact in self._kept if getattr(fact, "contact_id", None) == like][:count]
        renamed = [replace(fact, contact_id=ContactId(contact_id)) for fact in facts]  # type: ignore[call-arg]
        self._reports.facts = [*self._kept, *renamed]

    def softphone(self, agent_id: str) -> None:
        """The agent's telephone is the page."""
        self.directory.softphones.add(agent_id)

    def busy(self) -> None:
        """A moment of a working day."""
        busy_floor(self._core)

    def log_on(self, agent_id: str, by: str = "") -> None:
        """For all memberships; without `by` as the agent's own click would."""
        self._core.submit(LogOn(by or agent_id, AgentId(agent_id)))

    def log_off(self, agent_id: str, by: str) -> None:
        """As a supervisor's click would."""
        self._core.submit(LogOff(by, AgentId(agent_id)))

    def assign(self, agent_id: str, queue_id: str, level: int, by: str) -> None:
        """As a supervisor's click would."""
        self._core.submit(AssignQueue(by, AgentId(agent_id), QueueId(queue_id), level))

    def go_on_break(self, agent_id: str, reason: str) -> None:
        """As the agent's click would."""
        self._core.submit(GoOnBreak(agent_id, AgentId(agent_id), reason))

    def switch_on_emergency(self, scope: str, message: str) -> None:
        """As a supervisor's click would."""
        self._core.submit(SetEmergency("sofie", scope, message, "end-call"))

    def acknowledge(self, queue_id: str, kind: str, by: str) -> None:
        """As a supervisor's click would."""
        self._core.submit(AcknowledgeAlarm(by, QueueId(queue_id), kind))

    def churn(self, rounds: int) -> None:
        """Let every agent's row change so many times."""
        rows = [row for row in self._core.picture().rows.values() if isinstance(row, AgentRow)]
        for number in range(rounds):
            for row in rows:
                self._core.put(replace(row, warning=f"{number} {'x' * 300}"))
            gevent.sleep(0)

    def lasts(self, agent_id: str, seconds: float) -> None:
        """The agent's state began so long ago."""
        self._core.change_agent(agent_id, since=SystemClock().now() - timedelta(seconds=seconds))

    def record(self, contact_id: str, state: str) -> None:
        """Let the contact be recorded, or let the agent ask for it (`off`)."""
        self._core.change_contact(contact_id, recording=state)

    def warn(self, agent_id: str, warning: str) -> None:
        """Let the agent's row carry a warning."""
        self._core.change_agent(agent_id, warning=warning)

    def refuse(self, code: str) -> None:
        """Refuse every further command."""
        self._core.refusal = CommandRefused(code, "refused by the test")

    def heard(self, heard: bool) -> None:
        """Whether the core is heard from."""
        self._core.heard = heard

    def list_call(self, agent_id: str, kind: str, number: str) -> None:
        """A call that the agent just received, missed or made."""
        called = AgentCall(
            ContactId(f"l{len(self._calls.calls[agent_id])}"), CallKind(kind), SystemClock().now(), number, "",
            QueueId("burgerzaken"), Channel.TELEPHONY, 0.0,
        )  # fmt: skip
        self._calls.calls[agent_id].append(called)

    def chat(self, contact_id: str, text: str, name: str, address: str) -> None:
        """A customer begins to chat."""
        self._core.submit(StartChat("customer", ContactId(contact_id), "noordwijk", text, name, address, contact_id))

    def whatsapp(self, sender: str, text: str, name: str) -> None:
        """A customer writes by WhatsApp."""
        self._core.submit(TakeMessage("whatsapp", "106540352242922", sender, text, name, sender))

    def customer_writes(self, contact_id: str, text: str) -> None:
        """A further line of a chat."""
        self._core.submit(WriteInChat("customer", ContactId(contact_id), text))

    def customer_reads(self, contact_id: str, line: int) -> None:
        """The customer has seen the chat up to this line, and types."""
        self._core.submit(SeeChat("customer", ContactId(contact_id), line))
        self._core.submit(TypeInChat("customer", ContactId(contact_id)))

    def written_figures(self, queue_id: str) -> None:
        """Chats of both channels, now and today."""
        since = SystemClock().now() - timedelta(seconds=95)
        chats = WrittenRow("web-chat", 2, since, 1, 24, 22, 19, 2, 31.0, 190.0)
        whatsapp = WrittenRow("whatsapp", 1, since - timedelta(seconds=260), 2, 17, 16, 9, 1, 84.0, 610.0)
        row = self._core.picture().rows[Subject.QUEUE, queue_id]
        if isinstance(row, QueueRow):
            self._core.put(replace(row, written=(chats, whatsapp)))

    def submitted(self) -> list[str]:
        """The names of the commands that the core was given."""
        return [type(command).__name__ for command in self._core.submitted]


def control(core: FakeController, orders: Orders) -> Flask:
    """Takes a test's orders."""
    app = Flask("control")

    @app.post("/<name>")
    def order(name: str) -> list[str]:
        step = getattr(orders, name, None) or getattr(core, name)
        return step(*request.get_json()) or []

    return app


def report_lines(clock: SystemClock, count: int = 14) -> list[ContactLine]:
    """Some contacts of today."""
    now, chance = clock.now(), random.Random(1)
    others = [Outcome.ABANDONED, Outcome.QUICK_DROP, Outcome.TRANSFERRED, Outcome.LEFT_IN_FLOW]
    outcomes = [Outcome.ANSWERED] * 5 + others
    lines = []
    for number in range(count):
        outcome = chance.choice(outcomes)
        agent = chance.choice(list(AGENTS)) if outcome is Outcome.ANSWERED else None
        opened = now - timedelta(seconds=20 + number * 97)
        lines.append(
            ContactLine(
                ContactId(f"r{number}"), opened, opened + timedelta(seconds=90), "+31715550100",
                f"+316{chance.randint(10_000_000, 59_999_999)}" if number % 6 else None,
                QueueId(chance.choice(list(QUEUES))), AgentId(agent) if agent else None,
                chance.uniform(2, 70), chance.uniform(30, 400) if agent else None, outcome,
            )
        )
    return lines


def colleague_of(agent_id: AgentId | None) -> AgentId:
    """Somebody else."""
    return AgentId("bram" if agent_id == "anna" else "anna")


def busy_floor(core: FakeController) -> None:
    """A moment of a working day: Bram talks, Chris is in wrap-up, Dirk has lunch, callers wait."""
    for agent_id in ("bram", "chris", "dirk"):
        core.submit(LogOn(agent_id, AgentId(agent_id)))
    core.arrives("c1", "burgerzaken", "+31623456789", "")
    core.offers("c1", "bram")
    core.answers("c1")
    core.arrives("c2", "bouwen-en-wonen", "+31715150042")
    core.offers("c2", "chris")
    core.answers("c2")
    core.ends("c2")
    core.change_agent("chris", average_handling_seconds=262)
    core.submit(GoOnBreak("dirk", AgentId("dirk"), "Lunch"))
    core.arrives("c3", "afval-en-milieu", "+31343512345")
    core.arrives("c4", "burgerzaken", None)


def agent_calls(clock: SystemClock) -> FakeAgentCalls:
    """What Anna had before: sixty calls over two days, and contacts with one caller."""
    calls, now, chance = FakeAgentCalls(), clock.now(), random.Random(2)
    kinds = [CallKind.RECEIVED] * 5 + [CallKind.MISSED, CallKind.MADE]
    numbers = ["+31612345678", "+31715550137", "+31715550143", "+31715550200", None, "+31343512345"]
    calls.calls["anna"] = []
    for number in range(60):
        kind = chance.choice(kinds)
        queue = None if kind is CallKind.MADE else QueueId(chance.choice(list(QUEUES)))
        calls.calls["anna"].append(
            AgentCall(
                ContactId(f"a{number}"), kind, now - timedelta(minutes=4 + number * 19), chance.choice(numbers), "",
                queue, Channel.TELEPHONY, 0.0 if kind is CallKind.MISSED else chance.uniform(30, 400),
                AgentId("bram") if kind is CallKind.MISSED and number % 2 else None,
            )
        )  # fmt: skip
    past = (Direction.INBOUND, Channel.TELEPHONY, QueueId("burgerzaken"), AgentId("bram"), Outcome.ANSWERED)
    calls.contacts["+31612345678"] = [
        EarlierContact(ContactId(f"r{at}"), now - timedelta(days=at * 9 + 2), *past) for at in range(3)
    ]
    return calls


def presences(clock: SystemClock) -> FakePresence:
    """Some employees are available, in a meeting or away; of most nothing is known."""
    source, now = FakePresence(), clock.now().replace(minute=0, second=0, microsecond=0)
    source.known = {
        "z.vandermeer@noordwijk.example": Presence(Availability.IN_MEETING, now + timedelta(hours=1)),
        "j.ozdemir@noordwijk.example": Presence(Availability.AVAILABLE),
        "r.hoekstra@noordwijk.example": Presence(Availability.OUT_OF_OFFICE, now + timedelta(days=5)),
        "m.duindam@noordwijk.example": Presence(Availability.DO_NOT_DISTURB),
    }
    source.calendars["z.vandermeer@noordwijk.example"] = [
        BusyPeriod(now, now + timedelta(hours=1)), BusyPeriod(now + timedelta(hours=2), now + timedelta(hours=3)),
    ]  # fmt: skip
    return source


def employees_of(url: str | None) -> Employees:
    """Those in a database; otherwise those of the demo site."""
    return SqlEmployees(open_engine(url)) if url else demo_employees()


def keep_recordings(recordings: FakeRecordings) -> None:
    """One recording of the second contact: three seconds in which the caller's tone and the agent's take turns."""
    caller, agent = (tone(hertz, 3) for hertz in (440, 660))
    recordings.add("r2.8f31", "r2", seconds=3.0)
    sides = (stereo(caller, agent), 2), (caller.tobytes(), 1), (agent.tobytes(), 1)
    recordings.sounds["r2.8f31"] = [wav(samples, channels) for samples, channels in sides]


def pause_of(recordings: FakeRecordings) -> list[Fact]:
    """One second of that recording was paused, since another system asked for something confidential."""
    one = recordings.kept["r2.8f31"]
    ids = (one.contact_id, one.recording_id)
    begins, ends = (one.started_at + timedelta(seconds=at) for at in (1, 2))
    return [RecordingPaused(begins, *ids, PauseReason.MARKER), RecordingResumed(ends, *ids)]


def main() -> int:
    """Serve until the standard input ends, or for ever with --demo."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--demo", type=int, metavar="PORT")
    parser.add_argument("--employees", metavar="URL", help="the database with the directory of employees")
    parser.add_argument("--idle-seconds", type=float, default=900)
    parser.add_argument("--send-seconds", type=float, default=10)
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    clock, reports = SystemClock(), FakeReports()
    core = build_floor(clock)
    reports.lines = report_lines(clock)
    reports.by_interval = list(course_of_the_day(QUEUES, clock.now(), last_midnight(clock.now())))
    today = clock.now().date()
    reports.sounds = [SoundFigures(today, Line.TRUNK, 412, 3, 4.31), SoundFigures(today, Line.TEAMS, 20, 15, 3.72)]
    reports.facts = [fact for line in reports.lines for fact in facts_of(line, colleague_of(line.agent_id))]
    audit = FakeAudit()
    made, recordings = FakeMessageVersions(core.used_messages), FakeRecordings(clock)
    keep_recordings(recordings)
    reports.facts += pause_of(recordings)
    calls = agent_calls(clock)
    given = Orders(core, reports, calls)
    ports = WebPorts(
        controller=core,
        accounts=cast_accounts(),
        reports=reports,
        directory=given.directory,
        audit=audit,
        clock=clock,
        configurations=FakeConfigurations(NOORDWIJK, clock.now()),
        texts=demo_texts(),
        wallboards=FakeWallboards(),
        faults=FakeFaults(),
        logs=FakeLogs(),
        inspection=DemoInspection(),
        messages=MessagePorts(FakeSoundLibrary(), made, FakeMessageCatalogue(), FakePhonePins()),
        recordings=recordings,
        privacy=FakePrivacy(audit, clock),
        desk=DeskPorts(employees_of(options.employees), presences(clock), calls, FakeDesks()),
    )
    idle = timedelta(seconds=options.idle_seconds)
    limit = timedelta(seconds=options.send_seconds)
    settings = WebSettings(secret_key=b"k" * 32, port=options.demo or 0, idle_limit=idle, send_limit=limit)
    pages = make_server(create_app(ports, settings), settings)
    orders = make_server(control(core, given), WebSettings(secret_key=b"k" * 32, port=0))
    pages.start()
    orders.start()
    sys.stdout.write(json.dumps([pages.server_port, orders.server_port]) + "\n")
    sys.stdout.flush()
    if options.demo:
        busy_floor(core)
        gevent.wait()
    gevent.get_hub().threadpool.apply(sys.stdin.read)
    return 0


if __name__ == "__main__":
    sys.exit(main())
