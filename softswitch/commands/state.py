"""`show channels`, `uuid_dump`, `uuid_exists`: what there is."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from softswitch.api import NO_SUCH_CHANNEL, command, find_leg, usage
from softswitch.leg import Leg
from softswitch.separating import separate
from softswitch.switchboard import Switchboard

SHOW_SYNTAX = (
    "codec|endpoint|application|api|dialplan|file|timer|calls [count]|channels [count|like <match string>]|calls|"
    "detailed_calls|bridged_calls|detailed_bridged_calls|aliases|complete|chat|management|modules|nat_map|say|"
    "interfaces|interface_types|tasks|limits|status"
)


@command("show")
def show(board: Switchboard, argument: str) -> str:
    parts = [part.lower() for part in separate(argument)]
    if parts[:2] == ["channels", "count"]:
        return _count(len(_listed(board)), parts[2:])
    if parts[:1] == ["channels"]:
        return _table([_row(leg) for leg in _listed(board)], parts[1:])
    return usage(SHOW_SYNTAX)


def _listed(board: Switchboard) -> list[Leg]:
    return sorted((leg for leg in board.legs.values() if leg.listed), key=lambda leg: leg.profile.times.created)


def _count(total: int, form: list[str]) -> str:
    if form == ["as", "json"]:
        return json.dumps({"row_count": total}, separators=(",", ":"))
    return f"\n{total} total.\n"


def _table(rows: list[dict[str, str]], form: list[str]) -> str:
    if form[:2] == ["as", "json"]:
        content: dict[str, object] = {"row_count": len(rows)}
        if rows:
            content["rows"] = rows
        return _json_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")))
    if not rows:
        return "\n0 total.\n"
    lines = [",".join(rows[0])] + [",".join(row.values()) for row in rows]
    return "\n".join(lines) + f"\n\n{len(rows)} total.\n"


def _json_text(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _row(leg: Leg) -> dict[str, str]:
    """The columns of FreeSWITCH's table `channels` (switch_core_sqldb.c), in their order."""
    created = datetime.fromtimestamp(leg.profile.times.created / 1_000_000, UTC)
    first = leg.first_profile
    media = leg.media
    codec, rate, bits = (media.codec, media.sample_rate, "64000") if media.codec and leg.media_up else ("", "", "")
    return {
        "uuid": leg.uuid,
        "direction": "inbound" if leg.inbound else "outbound",
        "created": created.astimezone().strftime("%Y-%m-%d %H:%M:%S"),
        "created_epoch": str(leg.profile.times.created // 1_000_000),
        "name": leg.name,
        "state": leg.running_state.name,
        "cid_name": leg.profile.caller_id_name,
        "cid_num": leg.profile.caller_id_number,
        "ip_addr": leg.profile.network_addr,
        "dest": leg.profile.destination_number,
        "application": leg.shown_application[0],
        "application_data": leg.shown_application[1],
        "dialplan": leg.profile.dialplan,
        "context": leg.profile.context,
        "read_codec": codec or "",
        "read_rate": rate,
        "read_bit_rate": bits,
        "write_codec": codec or "",
        "write_rate": rate,
        "write_bit_rate": bits,
        "secure": "",
        "hostname": leg.board.events.hostname,
        "presence_id": leg.variables.get("presence_id") or "",
        "presence_data": leg.variables.get("presence_data") or "",
        "accountcode": leg.variables.get("accountcode") or "",
        "callstate": leg.call_state.value,
        "callee_name": leg.profile.callee_id_name,
        "callee_num": leg.profile.callee_id_number,
        "callee_direction": "",
        "call_uuid": leg.variables.get("call_uuid") or leg.uuid,
        "sent_callee_name": "",
        "sent_callee_num": "",
        "initial_cid_name": first.caller_id_name,
        "initial_cid_num": first.caller_id_number,
        "initial_ip_addr": first.network_addr,
        "initial_dest": first.destination_number,
        "initial_dialplan": first.dialplan,
        "initial_context": first.context,
    }


@command("uuid_exists")
def uuid_exists(board: Switchboard, argument: str) -> str:
    return "true" if find_leg(board, argument.strip()) is not None else "false"


@command("uuid_dump")
def uuid_dump(board: Switchboard, argument: str) -> str:
    parts = separate(argument)
    if not parts:
        return usage("<uuid> [format]")
    leg = find_leg(board, parts[0])
    if leg is None:
        return NO_SUCH_CHANNEL
    event = leg.event("CHANNEL_DATA")
    form = parts[1].lower() if len(parts) > 1 else "txt"
    octets = event.json() if form == "json" else event.plain()
    return octets.decode("utf-8", "surrogateescape")
