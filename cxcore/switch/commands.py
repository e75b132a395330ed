"""Orders of the Switch port → commands of `docs/switch-contract.md`, as text. Nothing here is sent.

What a leg plays is changed by transferring it to a list of applications (`uuid_transfer … inline`): a transfer ends
whatever runs, flushes keys and the break flag (`switch_core_session_reset`), and the list goes from the prompts to the
hold music without coming back to us. `uuid_break` is not used: on a leg that plays nothing it leaves a flag that cuts
the next prompt (`mod_commands.c` break_function). The order's id travels as `app_uuid`, which the application that
follows takes for its Application-UUID (`switch_core_session_exec`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from urllib.parse import quote, unquote

from cxcore.domain.leg import HangUpCause, LegId, OrderId
from cxcore.domain.listening import ListeningMode
from cxcore.domain.numbers import is_emergency
from cxcore.ports.switch import Dial, Prompts, Question
from cxcore.switch.parties import FORWARDED_FROM, FORWARDED_NUMBER
from cxcore.switch.settings import SwitchSettings

MARK_PREFIX = "cx_"
OURS = "leg"
"""The mark that each leg of ours carries beside the core's own: `taken` or `dialled`. No other mark has this name."""
OURS_HEADER = f"variable_{MARK_PREFIX}{OURS}"
SAID, ASKED = "said", "asked"
"""Beside it, on a caller's leg: the order that the leg began last, under the name of its kind."""
RESERVED = frozenset({OURS, SAID, ASKED})
CARRIES_OUT = frozenset({"multiset", "playback", "play_and_get_digits"})
"""The applications of an order that is not over; hold music follows them."""
AFTER_BRIDGE = "hold-music:XML:waiting"
"""Where the switch sends a caller by itself when the other side of a bridge has left: an extension with hold music."""
DIGITS_VARIABLE = "digits_entered"
FIRST_KEY_VARIABLE = "first_key"
"""In the place of it for an answer whose keys are told one by one: a core that finds it does not take it for all."""
NEXT = "!"
"""Between the files of a prompt (`playback_delimiter`). `file_string://A!B` would begin with a quarter of a second of
silence (`next_file` in mod_dptools.c), and with it every menu."""
QUIET = "silence_stream://10"
"""For a prompt that is required and that nobody is to hear."""
RINGBACK = "tone_stream://%(1000,4000,425);loops=-1"
"""425 Hz, one second of every five, as Dutch networks ring."""
RECORDING_BUFFER = 16_000
"""Octets of a recording that FreeSWITCH keeps back at most: half a second, lost when the switch is killed. By itself
it keeps back two seconds (`switch_ivr_record_session`)."""
WITHOUT_MEDIA_TIMEOUT = ("rtp_timeout_sec=0", "rtp_hold_timeout_sec=0")
"""112 is not hung up because the line is silent."""
RECORDED_RATE = 8000
"""Samples a second; by itself FreeSWITCH would take 16000 of a leg with G.722."""
WIDE = "G722"
TRANSFERS = "100000"
"""FreeSWITCH hangs a leg up after 70 transfers (`switch_ivr_session_transfer`) unless told otherwise."""

CAUSES: Mapping[HangUpCause, str] = {
    HangUpCause.NORMAL: "NORMAL_CLEARING",
    HangUpCause.BUSY: "USER_BUSY",
    HangUpCause.NO_ANSWER: "NO_ANSWER",
    HangUpCause.DECLINED: "CALL_REJECTED",
    HangUpCause.UNREACHABLE: "DESTINATION_OUT_OF_ORDER",
    HangUpCause.NO_SUCH_NUMBER: "UNALLOCATED_NUMBER",
    HangUpCause.WITHDRAWN: "ORIGINATOR_CANCEL",
    HangUpCause.MEDIA_TIMEOUT: "MEDIA_TIMEOUT",
    HangUpCause.REFUSED: "INCOMPATIBLE_DESTINATION",
    HangUpCause.SWITCH_LOST: "NORMAL_TEMPORARY_FAILURE",
    HangUpCause.OTHER: "NORMAL_TEMPORARY_FAILURE",
}
"""What the switch is told when we end a leg; `cxcore.switch.causes` reads them back."""

SIP_ADDRESS = re.compile(r"sips?:[\w.~+*!%-]+@(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:;[\w-]+=[\w.-]+)*")
SOFTPHONE = re.compile(r"softphone:([\w.+-]+(?:~[0-9a-f]{16,64})?)")
TEAMS = re.compile(r"sip:[^@]+@([a-z0-9-]+\.)*pstnhub\.microsoft\.com(:\d+)?(;.*)?", re.IGNORECASE)
"""Only the SBC can speak to it: over TLS, from our name (learn.microsoft.com, direct-routing-plan)."""
PHONE_NUMBER = re.compile(r"\+?[0-9*#]{1,40}")
IDENTITY = re.compile(r"[A-Za-z0-9._:-]{1,80}")
MARK_NAME = re.compile(r"[a-z0-9_]{1,40}")
PLAYABLE = re.compile(r"/[\w/.+=,~-]+")
DIGITS = re.compile(r"[0-9*#A-D]{1,64}")


class Unspeakable(Exception):
    """An order holds something that the switch cannot be told; the message says what and why."""


def take(leg_id: LegId) -> list[str]:
    """Off the fallback; the reply says `Deleted: 0` when that has the leg already. `keep` must follow."""
    return [f"api sched_del {_identity(leg_id)}"]


def keep(leg_id: LegId) -> list[str]:
    """Make a taken leg ours, and one that outlives its bridge."""
    return [f"api uuid_setvar_multi {_identity(leg_id)} {';'.join(_lasting('taken'))}"]


def ring(leg_id: LegId) -> list[str]:
    return [f"api uuid_ring_ready {_identity(leg_id)}"]


def answer(leg_id: LegId) -> list[str]:
    return [f"api uuid_answer {_identity(leg_id)}"]


def say(leg_id: LegId, order_id: OrderId, prompts: Prompts, hold_music: str) -> list[str]:
    """Prompts, then hold music. Keys end no prompt (`playback_terminators`)."""
    play = f"playback:{_playable(prompts)}"
    return [_run(leg_id, [_begin(order_id, SAID), play, _music(hold_music)])]


def ask(leg_id: LegId, order_id: OrderId, question: Question, hold_music: str) -> list[str]:
    """`play_and_get_digits MIN MAX TRIES TIMEOUT TERMINATORS PROMPT BAD_INPUT VARIABLE REGEX DIGIT_TIMEOUT`, once.

    Where each key is told it waits for the first; `playback` then goes on telling keys, `endless_playback` leaves them
    in their queue (`switch_ivr_play_file` without a callback).
    """
    arguments = [
        question.min_digits,
        1 if question.each_key else question.max_digits,
        1,
        _milliseconds(question.timeout_seconds),
        "#",
        _playable(question.prompts),
        QUIET,
        FIRST_KEY_VARIABLE if question.each_key else DIGITS_VARIABLE,
        "[0-9*]+",
        _milliseconds(question.digit_timeout_seconds),
    ]
    get_digits = "play_and_get_digits:" + " ".join(str(argument) for argument in arguments)
    music = f"playback:{hold_music}|park" if question.each_key else _music(hold_music)
    return [_run(leg_id, [_begin(order_id, ASKED), get_digits, music])]


def play_hold_music(leg_id: LegId, hold_music: str) -> list[str]:
    return [_run(leg_id, [_music(hold_music)])]


def play_ringback(leg_id: LegId) -> list[str]:
    return [_run(leg_id, [f"endless_playback:{RINGBACK}|park"])]


def join(leg_id: LegId, other: LegId) -> list[str]:
    """In a park afterwards, so that the leg outlives the conversation that it took part in."""
    return [_run(leg_id, [f"three_way:{_identity(other)}|park"])]


def dial(dial: Dial, settings: SwitchSettings, job_id: str, codec: str = "") -> list[str]:
    """`bgapi originate` with `job_id` as the Job-UUID; answered, the leg parks. `codec` is that of its partner."""
    variables = [
        f"origination_uuid={_identity(dial.leg_id)}",
        f"originate_timeout={dial.timeout_seconds:d}",
        f"origination_caller_id_number={_variable(_caller_number(dial.caller_number))}",
        f"origination_caller_id_name={_variable(_caller_name(dial.caller_name) or dial.caller_number)}",
        "ignore_early_media=true",
        "outbound_redirect_fatal=true",  # else FreeSWITCH lets a redirected leg ring on in vain (`sofia.c`)
        *_lasting("dialled"),
        "park_after_bridge=true",
        *_offering(codec, settings.codecs),
        *_forwarded(dial.forwarded_from),
        *(WITHOUT_MEDIA_TIMEOUT if is_emergency(dial.destination) else ()),
        *_marks(dial.marks),
    ]
    called = f"{{^^;{';'.join(variables)}}}{_dial_string(dial.destination, settings)}"
    return [f"bgapi originate {called} &park()\nJob-UUID: {job_id}"]


def _offering(codec: str, codecs: tuple[str, ...]) -> list[str]:
    """The partner's codec first. Whoever is to talk with G.711 is not offered G.722."""
    return [f"absolute_codec_string={','.join(_beside(codec, codecs))}"] if codec in codecs else []


def _beside(codec: str, codecs: tuple[str, ...]) -> list[str]:
    return [codec, *(each for each in codecs if each != codec and (each != WIDE or codec == WIDE))]


def _forwarded(number: str | None) -> list[str]:
    """What the SBC makes Diversion or History-Info of; a number that it could not tell is not told."""
    told = number is not None and FORWARDED_NUMBER.fullmatch(number)
    return [f"sip_h_{FORWARDED_FROM}={number}"] if told else []


def bridge(leg_id: LegId, other: LegId) -> list[str]:
    """The caller's leg first. The switch forgets where to send it after a bridge each time it does so."""
    leave = f"api uuid_setvar {_identity(leg_id)} transfer_after_bridge {AFTER_BRIDGE}"
    return [leave, f"api uuid_bridge {_identity(leg_id)} {_identity(other)}"]


def park(leg_id: LegId) -> list[str]:
    return [f"api uuid_park {_identity(leg_id)}"]


def send_digits(leg_id: LegId, digits: str) -> list[str]:
    if not DIGITS.fullmatch(digits):
        raise Unspeakable(f"{digits[:20]!r} are no keys: 0-9, *, # can be sent")
    return [f"api uuid_send_dtmf {_identity(leg_id)} {digits}"]


def listen(leg_id: LegId, to: LegId, mode: ListeningMode) -> list[str]:
    """`three_way` lets all hear all, `eavesdrop_whisper_bleg` the leg that is named hear the supervisor
    (`switch_ivr_eavesdrop_session`)."""
    whispers = "true" if mode is ListeningMode.WHISPER else "false"
    settings = f"multiset:^^;eavesdrop_enable_dtmf=false;eavesdrop_whisper_aleg=false;eavesdrop_whisper_bleg={whispers}"
    application = "three_way" if mode is ListeningMode.BARGE else "eavesdrop"
    return [_run(leg_id, [settings, f"{application}:{_identity(to)}", "hangup"])]


def start_recording(leg_id: LegId, path: PurePath, party_only: bool = False) -> list[str]:
    """Stereo: what the leg's party says on the left, what it hears on the right (`switch_ivr_record_session`).

    What a party says alone is written at once: FreeSWITCH would hold a part back, which a crash would take along.
    """
    leg, both, party = _identity(leg_id), str(not party_only).lower(), str(party_only).lower()
    buffer = "false" if party_only else RECORDING_BUFFER
    settings = f"RECORD_STEREO={both};RECORD_READ_ONLY={party};enable_file_write_buffering={buffer}"
    settings += f";record_sample_rate={RECORDED_RATE}"
    return [f"api uuid_setvar_multi {leg} {settings}", f"api uuid_record {leg} start {_path(path)}"]


def mask_recording(leg_id: LegId, path: PurePath, masked: bool) -> list[str]:
    return [f"api uuid_record {_identity(leg_id)} {'mask' if masked else 'unmask'} {_path(path)}"]


def stop_recording(leg_id: LegId, path: PurePath) -> list[str]:
    return [f"api uuid_record {_identity(leg_id)} stop {_path(path)}"]


def mark(leg_id: LegId, marks: Mapping[str, str]) -> list[str]:
    """One variable a mark; the empty value removes it."""
    return [f"api uuid_setvar_multi {_identity(leg_id)} {';'.join(_marks(marks))}"] if marks else []


def hang_up(leg_id: LegId, cause: HangUpCause) -> list[str]:
    return [f"api uuid_kill {_identity(leg_id)} {CAUSES[cause]}"]


def renew_sound(leg_id: LegId) -> list[str]:
    return [f"api uuid_media_reneg {_identity(leg_id)}"]


def change_codec(leg_id: LegId, codec: str, codecs: tuple[str, ...]) -> list[str]:
    """Ask a party with G.722 for G.711. One that has none goes on as before."""
    return [f"api uuid_media_reneg {_identity(leg_id)} ={','.join([*_beside(codec, codecs), WIDE])}"]


def goes_past_the_sbc(destination: str) -> bool:
    """Whether the switch dials this itself, and exchanges sound with it itself."""
    return bool(SIP_ADDRESS.fullmatch(destination)) and not TEAMS.fullmatch(destination)


def dump(leg_id: LegId) -> str:
    return f"api uuid_dump {_identity(leg_id)} json"


def marks_in(headers: Mapping[str, object]) -> dict[str, str]:
    """The core's marks among the headers of an event or a dump, decoded, without their prefix."""
    prefix = f"variable_{MARK_PREFIX}"
    return {
        name.removeprefix(prefix): unquote(value)
        for name, value in headers.items()
        if name.startswith(prefix) and name.removeprefix(prefix) not in RESERVED and isinstance(value, str)
    }


def _lasting(origin: str) -> list[str]:
    """What lets a leg outlive its bridge, and be transferred as often as a long wait needs; and that it is ours.

    A parked leg sends silence: without packets the other side may take the call for dead (`switch_ivr_park`).
    """
    return [
        "hangup_after_bridge=false",
        "send_silence_when_idle=-1",
        f"max_session_transfers={TRANSFERS}",
        f"{MARK_PREFIX}{OURS}={origin}",
    ]


def _run(leg_id: LegId, applications: Iterable[str]) -> str:
    """Let a leg run applications, one after another. `|` parts them (`inline_dialplan_hunt`), quotes keep spaces."""
    return f"api uuid_transfer {_identity(leg_id)} 'm:|:{'|'.join(applications)}' inline"


def _begin(order_id: OrderId, kind: str) -> str:
    """Name what follows, and clear what earlier orders left; `transfer_history` would grow by a line an order."""
    other = SAID if kind == ASKED else ASKED
    settings = [
        f"{MARK_PREFIX}{other}=",
        f"{MARK_PREFIX}{kind}={_identity(order_id)}",
        f"{DIGITS_VARIABLE}=",
        "transfer_history=",
        "playback_terminators=none",
        f"playback_delimiter={NEXT}",
        "playback_sleep_val=0",
        f"app_uuid={_identity(order_id)}",
    ]
    return "multiset:^^;" + ";".join(settings)


def _music(hold_music: str) -> str:
    """Endless music. A leg to which the switch cannot play it is parked, so that at least the call lives."""
    return f"endless_playback:{hold_music}|park"


def _playable(prompts: Prompts) -> str:
    """Several files in a row; none as a moment of silence, so that the outcome follows all the same."""
    return NEXT.join(_path(prompt) for prompt in prompts) or QUIET


def _path(path: PurePath) -> str:
    text = path.as_posix()
    if not PLAYABLE.fullmatch(text):
        raise Unspeakable(f"path {text!r}: it must be absolute, of letters, digits and . _ - + = , ~ only")
    return text


def _milliseconds(seconds: float) -> int:
    """At least a second: `play_and_get_digits` takes less for that."""
    return max(1000, round(seconds * 1000))


def _identity(identity: str) -> str:
    if not IDENTITY.fullmatch(identity):
        raise Unspeakable(f"identity {identity[:40]!r}: letters, digits and . _ : - only, 80 at most")
    return identity


def _dial_string(destination: str, settings: SwitchSettings) -> str:
    """A SIP address by the profile, one of Teams past the SBC, a number by the trunk. Nothing else: `,` and `|` would
    dial more."""
    if SIP_ADDRESS.fullmatch(destination):
        past = f";fs_path=sip:{_sbc(settings)}" if TEAMS.fullmatch(destination) else ""
        return f"sofia/{settings.sip_profile}/{destination}{past}"
    if softphone := SOFTPHONE.fullmatch(destination):
        return f"sofia/{settings.sip_profile}/sip:{softphone[1]}@{_sbc(settings)}"
    if not PHONE_NUMBER.fullmatch(destination):
        raise Unspeakable(f"{destination[:60]!r} is neither a SIP address (sip:anna@host) nor a phone number")
    if settings.gateway is None:
        raise Unspeakable("no trunk is configured for phone numbers: set `switch.gateway`")
    return f"sofia/gateway/{settings.gateway}/{destination}"


def _sbc(settings: SwitchSettings) -> str:
    if settings.sbc is None:
        raise Unspeakable("no SBC is configured for softphones and Teams: set `switch.trunk`")
    return settings.sbc


def _caller_number(number: str) -> str:
    if not PHONE_NUMBER.fullmatch(number) and not IDENTITY.fullmatch(number):
        raise Unspeakable(f"caller number {number[:40]!r} is no phone number")
    return number


def _caller_name(name: str) -> str:
    """A name that passes through dial string and SIP header; what has a meaning in either is replaced.

    Braces cannot be escaped (`switch_find_end_paren`), quotes and angle brackets end a display name, of a name with `/`
    or `:` FreeSWITCH keeps what follows, and it percent-decodes the name (seen on 1.10.12).
    """
    return "".join(REPLACED.get(char, char) for char in name if char.isprintable()).strip()[:80]


REPLACED: Mapping[str, str] = {**dict(zip('{}[]<>"/:\\$', "()()()'---S", strict=True)), "%": "%25"}


def _variable(value: str) -> str:
    """Escape a value for `originate {^^;a=b;…}`.

    Three splits read it, each of which takes a level of backslashes and quotes (`cleanup_separated_string`): at `=`, at
    `;`, and at spaces, which are written `\\s` for that last one.
    """
    for delimiter in ("=", ";", None):
        value = value.replace("\\", "\\\\").replace("'", "\\'")
        value = value.replace(delimiter, f"\\{delimiter}") if delimiter else value.replace(" ", "\\s")
    return value


def _marks(marks: Mapping[str, str]) -> list[str]:
    """Marks as variables. Values are percent-encoded: then no command needs to quote them."""
    for name in marks:
        if not MARK_NAME.fullmatch(name) or name in RESERVED:
            raise Unspeakable(f"mark {name[:40]!r}: small letters, digits and _ only, and none of {sorted(RESERVED)}")
    return [f"{MARK_PREFIX}{name}={quote(value, safe='')}" for name, value in marks.items()]
