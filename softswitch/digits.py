"""Reading keys (`switch_ivr_read` and `switch_play_and_get_digits` in switch_ivr_play_say.c)."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from enum import Enum, auto

from softswitch.execution import work_off_messages
from softswitch.leg import Leg
from softswitch.playing import Played, play
from softswitch.separating import separate
from softswitch.transferring import transfer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """The arguments of `play_and_get_digits`, times in seconds."""

    minimum: int
    maximum: int
    tries: int
    timeout: float
    terminators: str
    prompt: str
    bad_input_prompt: str = ""
    variable: str = ""
    pattern: str = ""
    digit_timeout: float = 0.0
    transfer_on_failure: str = ""


class BadQuestion(Exception):
    """`play_and_get_digits` without arguments."""


def read_question(text: str) -> Question:
    """The application's argument. Raises `BadQuestion`."""
    parts = separate(text, " ", limit=11)
    if not parts:
        raise BadQuestion(text)
    parts += [""] * (11 - len(parts))
    minimum = max(_number(parts[0]), 0)
    return Question(
        minimum=minimum,
        maximum=max(_number(parts[1]), minimum),
        tries=_number(parts[2]),
        timeout=max(_number(parts[3], 1000), 1000) / 1000,
        terminators=parts[4] or "#",
        prompt=parts[5],
        bad_input_prompt=parts[6],
        variable=parts[7],
        pattern=parts[8],
        digit_timeout=_number(parts[9]) / 1000,
        transfer_on_failure=parts[10],
    )


def _number(text: str, otherwise: int = 0) -> int:
    match = re.match(r"\s*([+-]?\d+)", text)
    return int(match.group(1)) if match else otherwise


class Read(Enum):
    SUCCESS = auto()
    TIMED_OUT = auto()
    TOO_FEW = auto()
    FAILED = auto()


async def play_and_get_digits(leg: Leg, question: Question) -> str:
    """Ask up to `tries` times; returns the digits, empty when none of the tries was valid."""
    if question.pattern and question.variable:
        leg.variables.set(f"{question.variable}_invalid", None)
    for _ in range(max(question.tries, 0)):
        if not leg.is_ready():
            break
        digits = await _try(leg, question)
        if digits is not None:
            return digits
        if leg.is_ready() and question.bad_input_prompt:
            await play(leg, question.bad_input_prompt)
    if question.transfer_on_failure and not leg.down:
        parts = separate(question.transfer_on_failure, " ") + ["", ""]
        transfer(leg, parts[0], parts[1] or None, parts[2] or None)
    return ""


async def _try(leg: Leg, question: Question) -> str | None:
    """The digits, or None when this try did not bring valid ones."""
    result, digits = await read(leg, question)
    if result is Read.TIMED_OUT and len(digits) >= question.minimum:
        result = Read.SUCCESS
    if question.minimum == 0 and not digits and leg.variables.get("read_terminator_used"):
        return ""
    accepted = result is Read.SUCCESS and digits and _accepts(leg, question, digits)
    return digits if accepted else None


def _accepts(leg: Leg, question: Question, digits: str) -> bool:
    if not question.pattern or _matches(question.pattern, digits):
        return True
    if question.variable:
        leg.variables.set(question.variable, None)
        leg.variables.set(f"{question.variable}_invalid", digits)
    return False


def _matches(pattern: str, digits: str) -> bool:
    try:
        return re.search(pattern, digits) is not None
    except re.error as error:
        log.error("play_and_get_digits: pattern %r: %s", pattern[:80], error)  # noqa: TRY400
        return False


async def read(leg: Leg, question: Question) -> tuple[Read, str]:
    """One prompt and the keys after it. Sets `read_result`, `read_terminator_used` and the question's variable."""
    leg.variables.set("read_result", None)
    if question.variable:
        leg.variables.set(question.variable, None)
    if not leg.pre_answer():
        return Read.FAILED, ""
    digits: list[str] = []

    def first_key(digit: str) -> bool:
        digits.append(digit)
        return True

    if question.prompt and question.prompt.lower() != "silence":
        played = await play(leg, question.prompt, on_digit=first_key)
        if played in (Played.NOT_FOUND, Played.FAILED):
            return Read.FAILED, ""
    result, terminator = Read.SUCCESS, ""
    if len(digits) < question.maximum:
        result, terminator = await collect(leg, question, digits)
    return _settle(leg, question, "".join(digits), result, terminator)


def _settle(leg: Leg, question: Question, digits: str, result: Read, terminator: str) -> tuple[Read, str]:
    leg.variables.set("read_terminator_used", terminator or None)
    if terminator and _keeps_terminator(question.terminators, terminator):
        digits += terminator
    elif not terminator and question.terminators.startswith("="):
        result = Read.TOO_FEW
    if question.minimum and len(digits) < question.minimum:
        result = Read.TOO_FEW
    names = {Read.SUCCESS: "success", Read.TIMED_OUT: "timeout"}
    leg.variables.set("read_result", names.get(result, "failure"))
    if question.maximum == 1 and len(digits) == 1 and digits in question.terminators:
        digits = ""
    if question.variable and digits:
        leg.variables.set(question.variable, digits)
    return result, digits


def _keeps_terminator(terminators: str, terminator: str) -> bool:
    position = terminators.find(terminator)
    return position > 0 and terminators[position - 1] == "+"


async def collect(leg: Leg, question: Question, digits: list[str]) -> tuple[Read, str]:
    """Keys until there are enough, a terminator or silence; `digits` may hold those pressed during the prompt."""
    for position, digit in enumerate(digits):
        if digit in question.terminators:
            del digits[position:]
            return Read.SUCCESS, digit
    between = question.digit_timeout or question.timeout
    deadline = leg.board.monotonic() + (between if digits else question.timeout)
    while leg.is_ready():
        await work_off_messages(leg)
        if leg.board.monotonic() >= deadline:
            return Read.TIMED_OUT, ""
        if leg.digits:
            deadline = leg.board.monotonic() + between
            done = _take_keys(leg, question, digits)
            if done is not None:
                return Read.SUCCESS, done
        await leg.wake.pause(deadline - leg.board.monotonic())
    return Read.FAILED, ""


def _take_keys(leg: Leg, question: Question, digits: list[str]) -> str | None:
    """Take the keys that were pressed. The terminator (empty: there are enough digits), or None when there are not."""
    while leg.digits:
        digit, _ = leg.digits.popleft()
        if digit in question.terminators:
            return digit
        digits.append(digit)
        if len(digits) >= question.maximum:
            return ""
    return None
