"""Reads the voicebots: where each is reached, and where callers go when it does not answer."""

from __future__ import annotations

from collections.abc import Mapping

from yaml.nodes import Node

from cxcore.dialplan.addresses import is_sip_address
from cxcore.dialplan.names import Kind, Names
from cxcore.dialplan.nodes import Limits, Section, entries, name
from cxcore.domain.dialplan import Transfer

VOICEBOT_KEYS = ("address", "ring_seconds", "fallback")
VOICEBOT_RING = Limits(1, 60)
VOICEBOT_SECONDS = 10


def read_voicebots(names: Names, node: Node | None) -> Mapping[str, Transfer]:
    """The voicebots by name, each as the step that connects a caller with it."""
    if node is None:
        return {}
    example = "voicebots: a name, a colon, and under it {address: …, fallback: FLOW}"
    found = entries(names.findings, node, "`voicebots`", example)
    return {bot.voicebot: bot for entry in found for bot in [_read_voicebot(names, entry.key, entry.value)]}


def _read_voicebot(names: Names, key: Node, node: Node) -> Transfer:
    bot = name(names.findings, key, "the name of a voicebot") or str(key.value)
    names.define(Kind.VOICEBOT, bot, key)
    section = Section(names.findings, node, f"voicebot {bot}", VOICEBOT_KEYS)
    fallback = section.required("fallback", "the flow when it does not answer: `fallback: FLOW`")
    return Transfer(
        (_read_address(section),),
        section.whole_number("ring_seconds", VOICEBOT_SECONDS, VOICEBOT_RING),
        otherwise=names.refer(Kind.FLOW, fallback, section.describe("fallback")) or None,
        voicebot=bot,
    )


def _read_address(section: Section) -> str:
    node = section.required("address", 'where it is reached: `address: "sip:bot@192.0.2.9:5060"`')
    address = section.text("address", "")
    if node is not None and address and not is_sip_address(address):
        problem = f"{section.describe('address')}: `{address[:60]}` is no SIP address"
        section.findings.error(node, problem, 'write it as "sip:bot@192.0.2.9:5060"')
    return address
