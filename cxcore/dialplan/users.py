"""Reads the users of a site and the queues that they may serve."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from yaml.nodes import MappingNode, Node, ScalarNode

from cxcore.dialplan.names import Kind, Names
from cxcore.dialplan.nodes import Limits, Section, entries, name, nearest, one_of, text, whole_number
from cxcore.dialplan.numbers import read_own_number, read_shown_number
from cxcore.dialplan.steps import read_destination
from cxcore.domain.agent import SOFTPHONE, AgentId
from cxcore.domain.membership import Membership
from cxcore.domain.numbers import EMERGENCY_NUMBERS
from cxcore.domain.queue import QueueId
from cxcore.domain.site import ConfiguredUser

USER_KEYS = ("name", "role", "device", "queues", "number", "caller_number", "traffic_class", "auto_answer")
ROLES = ("agent", "coach", "supervisor", "administrator", "privacy-officer")
LEVEL = Limits(1, 99)


@dataclass(frozen=True, slots=True)
class ReadUser:
    """A user, with the queues that the user may serve and the level in each."""

    user: ConfiguredUser
    levels: dict[str, int]


def read_users(names: Names, node: Node | None) -> list[ReadUser]:
    """The users, in the order of the file."""
    if node is None:
        return []
    found = entries(names.findings, node, "`users`", "users: a user name, a colon, and {name: …, role: …}")
    users = [_read_user(names, entry.key, entry.value) for entry in found]
    _warn_of_shared_devices(names, users)
    return users


def memberships(users: list[ReadUser]) -> tuple[Membership, ...]:
    """One for each user and queue. Within a level the order of the file counts."""
    taken: Counter[tuple[str, int]] = Counter()
    found: list[Membership] = []
    for read in users:
        for queue, level in read.levels.items():
            taken[queue, level] += 1
            agent_id = AgentId(read.user.username)
            found.append(Membership(agent_id, QueueId(queue), level, position=taken[queue, level]))
    return tuple(found)


def _read_user(names: Names, key: Node, node: Node) -> ReadUser:
    username = name(names.findings, key, "a user name") or str(key.value)
    names.define(Kind.USER, username, key)
    section = Section(names.findings, node, f"user {username}", USER_KEYS)
    section.required("name", "the name of the person: `name: Anna de Vries`")
    role = _read_role(section)
    device = _read_device(section, username)
    number, caller_number = read_own_number(section, "number"), read_shown_number(section, "caller_number")
    traffic = names.refer(Kind.TRAFFIC_CLASS, section.node_of("traffic_class"), section.describe("traffic_class"))
    own_name, auto_answer = section.text("name", username), _read_auto_answer(section, device)
    user = ConfiguredUser(username, own_name, role, device, number, caller_number, traffic, auto_answer)
    levels = _read_levels(names, section)
    _check_has_device(section, role, device, levels)
    return ReadUser(user, levels)


def _read_role(section: Section) -> str:
    node = section.required("role", f"what the user is: `role:` with one of {one_of(ROLES)}")
    written = None if node is None else text(section.findings, node, section.describe("role"))
    if written is not None and written not in ROLES:
        meant = nearest(written, ROLES)
        remedy = f"write `{meant}`" if meant else f"write one of {one_of(ROLES)}"
        section.findings.error(node, f"{section.what}: there is no role `{written[:60]}`", remedy)
    return written or ""


def _read_device(section: Section, username: str) -> str | None:
    node = section.node_of("device")
    if node is None:
        return None
    if isinstance(node, ScalarNode) and node.value == "softphone":
        return f"{SOFTPHONE}{username}"
    device = read_destination(section.findings, node, section.describe("device"), also="`softphone`, ")
    if device in EMERGENCY_NUMBERS:
        remedy = "write the number or SIP address of the agent's telephone"
        section.findings.error(node, f"{section.describe('device')} is the emergency number {device}", remedy)
    return device


def _read_auto_answer(section: Section, device: str | None) -> bool:
    wanted = section.yes_or_no("auto_answer", False)
    if wanted and not (device or "").startswith(SOFTPHONE):
        problem = f"{section.what} answers by itself, and its device is no softphone"
        section.findings.error(section.node, problem, "write `device: softphone`, or leave `auto_answer` out")
    return wanted


def _read_levels(names: Names, section: Section) -> dict[str, int]:
    node = section.node_of("queues")
    if node is None:
        return {}
    levels: dict[str, int] = {}
    for entry in entries(names.findings, node, section.describe("queues"), "queues with a level: {burgerzaken: 1}"):
        what = f"the level of {entry.name} for {section.what}"
        names.refer_to(Kind.QUEUE, entry.name, entry.key)
        levels[entry.name] = whole_number(names.findings, entry.value, what, LEVEL) or LEVEL.lowest
    return levels


def _check_has_device(section: Section, role: str, device: str | None, levels: dict[str, int]) -> None:
    if device is not None or not isinstance(section.node, MappingNode):
        return
    if levels or role == "agent":
        reason = "serves queues" if levels else "is an agent"
        problem = f"{section.what} {reason} and lacks `device`"
        remedy = 'write where it rings: `device: softphone` or `device: "sip:anna@192.0.2.7:5060"`'
        section.findings.error(section.node, problem, remedy)


def _warn_of_shared_devices(names: Names, users: list[ReadUser]) -> None:
    owners: dict[str, str] = {}
    for user in (read.user for read in users if read.user.device):
        owner = owners.setdefault(str(user.device), user.username)
        if owner != user.username:
            problem = f"user {user.username} has the same device as {owner}"
            names.findings.warn(names.places[Kind.USER, user.username], problem, "give each a device of their own")
