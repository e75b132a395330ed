"""Reads the service number, by which messages are managed by telephone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from yaml.nodes import MappingNode

from cxcore.dialplan.names import Kind, Names
from cxcore.dialplan.nodes import Entry, Limits, Section, entries, nearest, one_of, text
from cxcore.dialplan.numbers import read_own_number
from cxcore.domain.dialplan import Dialplan
from cxcore.domain.emergency import EVERYWHERE, Then
from cxcore.domain.queue import QueueId
from cxcore.domain.service_line import PROMPTS, PreparedText, ServiceLine
from cxcore.domain.site import ConfiguredUser

SERVICE_KEYS = ("number", "messages", "emergency", "places")
TEXT_KEYS = ("message", "then", "flow", "hours")
CHOICES = "123456789"
HOURS = Limits(0, 720)
EVERYWHERE_WORD = "everywhere"


def read_service_line(
    names: Names, site: Section, dialplan: Dialplan, queues: Collection[QueueId], users: Mapping[str, ConfiguredUser]
) -> ServiceLine | None:
    """The number and what its keys stand for; None when the site has none."""
    section = site.part("service_number", SERVICE_KEYS)
    if section is None:
        return None
    for prompt in PROMPTS:
        names.refer_to(Kind.PROMPT, prompt, section.node)
    line = ServiceLine(
        _read_number(section, dialplan, users),
        _read_messages(names, section),
        _read_texts(names, section),
        _read_places(section, dialplan, queues) or {"1": EVERYWHERE},
    )
    if not line.messages and not line.texts:
        problem = "the service number can do nothing"
        names.findings.error(section.node, problem, "write `messages: {1: MESSAGE}` or `emergency: {1: MESSAGE}`")
    return line


def _read_number(section: Section, dialplan: Dialplan, users: Mapping[str, ConfiguredUser]) -> str:
    section.required("number", 'the number that is dialled: `number: "+31715550190"`')
    number = read_own_number(section, "number")
    owner = next((f"user {user.username}" for user in users.values() if user.number == number), "")
    owner = f"flow {dialplan.numbers[number]}" if number in dialplan.numbers else owner
    if number and owner:
        problem = f"the service number {number} leads to {owner} already"
        section.findings.error(section.node_of("number"), problem, "give each a number of its own")
    return number


def _choices(section: Section, key: str, example: str) -> Iterator[Entry]:
    """The entries whose key is one of 1 to 9; others are refused."""
    node = section.node_of(key)
    found: Sequence[Entry] = () if node is None else entries(section.findings, node, section.describe(key), example)
    for entry in found:
        if len(entry.name) == 1 and entry.name in CHOICES:
            yield entry
        else:
            problem = f"`{entry.name[:60]}` in {section.describe(key)} is no key that can be chosen"
            section.findings.error(entry.key, problem, "write one of 1 to 9")


def _read_messages(names: Names, section: Section) -> dict[str, str]:
    found = _choices(section, "messages", "keys with messages: {1: welkom}")
    return {each.name: names.refer(Kind.PROMPT, each.value, f"message {each.name} of {section.what}") for each in found}


def _read_texts(names: Names, section: Section) -> dict[str, PreparedText]:
    found = _choices(section, "emergency", "keys with prepared texts: {1: noodtekst-storing}")
    return {each.name: _read_text(names, section, each) for each in found}


def _read_text(names: Names, section: Section, entry: Entry) -> PreparedText:
    what = f"text {entry.name} of {section.what}"
    if not isinstance(entry.value, MappingNode):
        return PreparedText(names.refer(Kind.PROMPT, entry.value, what))
    return read_prepared(names, Section(names.findings, entry.value, what, TEXT_KEYS))


def read_prepared(names: Names, part: Section) -> PreparedText:
    """A text with what follows it, and after how many hours it ends."""
    message = part.required("message", "the message that is heard: `message: NAME`")
    usual, then = PreparedText(""), _read_then(part)
    flow = names.refer(Kind.FLOW, part.node_of("flow"), part.describe("flow"))
    if then is Then.FLOW and not flow:
        names.findings.error(part.node, f"{part.what} lacks the flow that follows it", "write `flow: FLOW`")
    prompt = names.refer(Kind.PROMPT, message, part.describe("message"))
    return PreparedText(prompt, then, flow, part.whole_number("hours", usual.hours, HOURS))


def _read_then(part: Section) -> Then:
    written = part.text("then", Then.END_CALL)
    known = next((each for each in Then if each == written), None)
    if known is None:
        problem = f"{part.describe('then')} is `{written[:60]}`"
        part.findings.error(part.node_of("then"), problem, f"write one of {one_of(Then)}")
    return known or Then.END_CALL


def _read_places(section: Section, dialplan: Dialplan, queues: Collection[QueueId]) -> dict[str, str]:
    known = {*dialplan.entrances, *queues}
    places: dict[str, str] = {}
    for entry in _choices(section, "places", f"keys with places: {{1: {EVERYWHERE_WORD}, 2: QUEUE}}"):
        what = f"place {entry.name} of {section.what}"
        written = text(section.findings, entry.value, what) or ""
        if written == EVERYWHERE_WORD:
            places[entry.name] = EVERYWHERE
        elif written in known:
            places[entry.name] = written
        elif written:
            meant = nearest(written, {*known, EVERYWHERE_WORD})
            remedy = f"write `{meant}`" if meant else f"write `{EVERYWHERE_WORD}`, a number of `numbers`, or a queue"
            section.findings.error(entry.value, f"{what}: `{written[:60]}` is no number or queue", remedy)
    return places
