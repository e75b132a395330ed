"""What every `Controller` does: the fake, and the web's client over a real link to a real publisher."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest

from cxcore.client.controller import ControllerClient
from cxcore.domain.agent import AgentId
from cxcore.domain.commands import BecomeAvailable, Command, GoOnBreak
from cxcore.feed.link import LinkSettings
from cxcore.feed.picture import LivePicture
from cxcore.feed.publisher import Publisher
from cxcore.ports.controller import (
    AgentRow,
    Change,
    CommandOutcome,
    CommandRefused,
    Controller,
    ControllerUnavailable,
    Row,
    Subject,
    SystemRow,
)
from tests.system.link_stage import becomes_true

TESTS = Path(__file__).parent.parent
FAKE = TESTS / "fakes" / "controller.py"
FAKE_STAGE = TESTS / "contract" / "fake_controller_stage.py"
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANNA = AgentRow("anna", "Anna de Vries", "available", "ready", since=NINE)
BRAM = AgentRow("bram", "Bram Jansen", "logged-off", "ready", since=NINE)
COMMAND = GoOnBreak("anna", AgentId("anna"), "Lunch")


class Stage(Protocol):
    """A controller, and what the test lets happen behind it. Each call returns when the controller knows."""

    @property
    def controller(self) -> Controller: ...

    @property
    def submitted(self) -> list[Command]: ...

    def show(self, row: Row) -> None: ...

    def hide(self, subject: Subject, key: str) -> None: ...

    def refuse(self, code: str, message: str) -> None: ...

    def go_away(self) -> None: ...

    def close(self) -> None: ...


class LinkStage:
    """`ControllerClient` and `Publisher` over socket files."""

    def __init__(self, folder: Path) -> None:
        settings = LinkSettings.in_folder(folder)
        self.submitted: list[Command] = []
        self._outcome = CommandOutcome()
        self._core = LivePicture()
        self._publisher: Publisher | None = Publisher(self._core, settings, self._take)
        self._publisher.start()
        self.controller = ControllerClient(settings, command_seconds=0.5, silence_seconds=1.5)
        self.controller.start()
        assert self.controller.wait_for_picture(5.0)

    def _take(self, command: Command, reply: Callable[[CommandOutcome], None]) -> None:
        self.submitted.append(command)
        reply(self._outcome)

    def show(self, row: Row) -> None:
        self._core.replace(row)
        self._settle()

    def hide(self, subject: Subject, key: str) -> None:
        self._core.remove(subject, key)
        self._settle()

    def _settle(self) -> None:
        assert becomes_true(lambda: self.controller.picture().rows == self._core.picture().rows)

    def refuse(self, code: str, message: str) -> None:
        self._outcome = CommandOutcome(code, message)

    def go_away(self) -> None:
        if self._publisher is not None:
            self._publisher.stop()
            self._publisher = None
        assert becomes_true(lambda: not self.controller.connected())

    def close(self) -> None:
        self.controller.stop()
        if self._publisher is not None:
            self._publisher.stop()


def fake_stage(folder: Path) -> Stage:
    """`FakeStage` of fake_controller_stage.py, beside the fake that the web's tests use."""
    if not (FAKE.is_file() and FAKE_STAGE.is_file()):
        pytest.skip(f"{FAKE} or {FAKE_STAGE} is not there")
    stage: Stage = importlib.import_module("tests.contract.fake_controller_stage").FakeStage()
    return stage


@pytest.fixture(params=[LinkStage, fake_stage], ids=["link", "fake"])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    stage: Stage = request.param(tmp_path / "link")
    yield stage
    stage.close()


def test_the_picture_holds_what_the_core_shows(stage: Stage) -> None:
    stage.show(ANNA)
    stage.show(SystemRow("switch", True, NINE))
    assert stage.controller.picture().rows[Subject.AGENT, "anna"] == ANNA
    assert stage.controller.picture().rows[Subject.SYSTEM, "switch"] == SystemRow("switch", True, NINE)


def test_a_listener_who_applies_changes_to_a_picture_sees_what_the_core_sees(stage: Stage) -> None:
    stage.show(ANNA)
    picture, heard = stage.controller.picture(), list[Change]()
    rows = dict(picture.rows)
    stage.controller.subscribe(heard.append)
    stage.show(BRAM)
    stage.show(AgentRow("anna", "Anna de Vries", "on-break", "ready", "Lunch", NINE))
    stage.hide(Subject.AGENT, "bram")
    assert [change.number for change in heard] == [picture.number + 1, picture.number + 2, picture.number + 3]
    for change in heard:
        rows.pop((change.subject, change.key), None)
        rows.update({(change.subject, change.key): change.row} if change.row else {})
    assert rows == stage.controller.picture().rows
    assert stage.controller.picture().number == heard[-1].number


def test_a_row_that_stays_the_same_is_no_change(stage: Stage) -> None:
    stage.show(ANNA)
    heard: list[Change] = []
    stage.controller.subscribe(heard.append)
    stage.show(ANNA)
    stage.show(BRAM)
    assert [change.key for change in heard] == ["bram"]


def test_a_listener_that_has_ended_hears_nothing_more(stage: Stage) -> None:
    heard: list[Change] = []
    end = stage.controller.subscribe(heard.append)
    stage.show(ANNA)
    end()
    stage.show(BRAM)
    assert [change.key for change in heard] == ["anna"]


def test_a_listener_that_fails_keeps_nobody_else_from_hearing(stage: Stage) -> None:
    heard: list[Change] = []

    def fail(change: Change) -> None:
        raise RuntimeError("closed socket")

    stage.controller.subscribe(fail)
    stage.controller.subscribe(heard.append)
    stage.show(ANNA)
    assert [change.key for change in heard] == ["anna"]


def test_a_command_is_carried_out_as_it_was_given(stage: Stage) -> None:
    stage.controller.submit(COMMAND)
    stage.controller.submit(BecomeAvailable("sofie", AgentId("anna")))
    assert stage.submitted == [COMMAND, BecomeAvailable("sofie", AgentId("anna"))]


def test_a_refusal_carries_its_code_and_reason(stage: Stage) -> None:
    stage.refuse("not-allowed", "Anna is talking.")
    with pytest.raises(CommandRefused, match="Anna is talking") as refused:
        stage.controller.submit(COMMAND)
    assert refused.value.code == "not-allowed"


def test_without_the_core_commands_fail_and_the_last_picture_stays(stage: Stage) -> None:
    stage.show(ANNA)
    assert stage.controller.connected()
    stage.go_away()
    assert not stage.controller.connected()
    assert stage.controller.picture().rows[Subject.AGENT, "anna"] == ANNA
    with pytest.raises(ControllerUnavailable):
        stage.controller.submit(COMMAND)
