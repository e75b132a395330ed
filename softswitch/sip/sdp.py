"""Session descriptions: what we read of theirs, and ours as offer or answer (RFC 4566, RFC 3264).

One audio stream, PCMA, PCMU and G722 with RFC 4733 digits. Any other stream is refused by port 0. G722 stands there
with 8000, too, although it takes 16000 samples a second (RFC 3551, 4.5.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

STATIC_NAMES = {0: "PCMU", 8: "PCMA", 9: "G722"}
OUR_CODECS = {"PCMA": 8, "PCMU": 0, "G722": 9}
OUR_DIGITS_TYPE = 101
NOWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  RFC 2543 hold, not a bind


class SdpError(Exception):
    """The description cannot be read or holds nothing that we can speak; `why` is for a log."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Direction(StrEnum):
    """As the describing side sees it."""

    SENDRECV = "sendrecv"
    SENDONLY = "sendonly"
    RECVONLY = "recvonly"
    INACTIVE = "inactive"


ANSWERS = {
    Direction.SENDRECV: Direction.SENDRECV,
    Direction.SENDONLY: Direction.RECVONLY,
    Direction.RECVONLY: Direction.SENDONLY,
    Direction.INACTIVE: Direction.INACTIVE,
}


@dataclass(frozen=True, slots=True)
class StreamLine:
    """One m= line as it came: for the answer, which lists them all in their order."""

    kind: str
    port: int
    protocol: str
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """Their side. `codecs` in their order of preference; `digits_type` None: they send no RFC 4733."""

    host: str
    port: int
    direction: Direction
    codecs: tuple[str, ...]
    digits_type: int | None
    streams: tuple[StreamLine, ...]
    audio_index: int
    payload_names: tuple[str, ...] = ()

    @property
    def holds_us(self) -> bool:
        """Whether they want nothing from us: hold."""
        return self.direction in (Direction.SENDONLY, Direction.INACTIVE) or self.host in NOWHERE or self.port == 0


def read_description(text: str) -> Description:
    """Raises `SdpError` when there is no audio stream that we could answer."""
    session, sections = _split(text)
    streams = tuple(_stream_line(section[0]) for section in sections)
    index = _audio_index(streams)
    lines = sections[index]
    numbers = [int(number) for number in streams[index].formats if number.isdigit()]
    names = _payload_names(lines, numbers)
    return Description(
        host=_connection(lines) or _connection(session) or _missing("no c= line"),
        port=streams[index].port,
        direction=_direction(lines) or _direction(session) or Direction.SENDRECV,
        codecs=_known_codecs(numbers, names),
        digits_type=_digits_type(numbers, names),
        streams=streams,
        audio_index=index,
        payload_names=tuple(dict.fromkeys(names[number] for number in numbers if number in names)),
    )


def choose_codec(theirs: Description, ours: tuple[str, ...]) -> str:
    """Our first codec that they speak, as FreeSWITCH does with `greedy` negotiation. Raises `SdpError`."""
    for name in ours:
        if name in theirs.codecs:
            return name
    raise SdpError(f"{', '.join(theirs.codecs) or 'nothing known'} is not what we speak: {', '.join(ours)}")


def agreed_codec(answer: Description, offered: tuple[str, ...]) -> str:
    """What an answer says of our offer: their first codec is what they send. Raises `SdpError`."""
    return choose_codec(answer, tuple(name for name in answer.codecs if name in offered))


@dataclass(slots=True)
class OurSide:
    """What our descriptions have in common over a dialog (the version counts up: RFC 3264, 8)."""

    host: str
    port: int
    session_id: int
    version: int = 0

    def offer(self, codecs: tuple[str, ...], direction: Direction = Direction.SENDRECV, digits: bool = True) -> str:
        return self._text(self._audio(codecs, OUR_DIGITS_TYPE if digits else None, direction))

    def answer(self, theirs: Description, codec: str, direction: Direction | None = None) -> str:
        """The answer to `theirs`: a line for each of their streams, all but the audio refused."""
        wanted = direction or Direction.SENDRECV
        audio = self._audio((codec,), theirs.digits_type, _answer_direction(theirs, wanted))
        lines = [
            audio if index == theirs.audio_index else _refused(stream) for index, stream in enumerate(theirs.streams)
        ]
        return self._text("".join(lines))

    def _text(self, streams: str) -> str:
        self.version += 1
        family = "IP6" if ":" in self.host else "IP4"
        return (
            f"v=0\r\no=softswitch {self.session_id} {self.version} IN {family} {self.host}\r\ns=softswitch\r\n"
            f"c=IN {family} {self.host}\r\nt=0 0\r\n{streams}"
        )

    def _audio(self, codecs: tuple[str, ...], digits_type: int | None, direction: Direction) -> str:
        types = [OUR_CODECS[name] for name in codecs] + ([digits_type] if digits_type is not None else [])
        lines = [f"m=audio {self.port} RTP/AVP {' '.join(map(str, types))}"]
        lines += [f"a=rtpmap:{OUR_CODECS[name]} {name}/8000" for name in codecs]
        if digits_type is not None:
            lines += [f"a=rtpmap:{digits_type} telephone-event/8000", f"a=fmtp:{digits_type} 0-15"]
        lines += ["a=ptime:20", f"a={direction}"]
        return "".join(f"{line}\r\n" for line in lines)


def _answer_direction(theirs: Description, wanted: Direction) -> Direction:
    possible = ANSWERS[theirs.direction]
    if wanted is Direction.SENDRECV:
        return possible
    if possible is Direction.SENDRECV:
        return wanted
    return possible if possible is wanted else Direction.INACTIVE


def _refused(stream: StreamLine) -> str:
    return f"m={stream.kind} 0 {stream.protocol} {' '.join(stream.formats)}\r\n"


def _split(text: str) -> tuple[list[str], list[list[str]]]:
    session: list[str] = []
    sections: list[list[str]] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line.startswith("m="):
            sections.append([line])
        elif line:
            (sections[-1] if sections else session).append(line)
    return session, sections


def _stream_line(line: str) -> StreamLine:
    parts = line[2:].split()
    port = parts[1].partition("/")[0] if len(parts) > 1 else ""
    if len(parts) < 4 or not port.isdigit() or int(port) > 65535:
        raise SdpError("a line m= that cannot be read")
    return StreamLine(parts[0], int(port), parts[2], tuple(parts[3:]))


def _audio_index(streams: tuple[StreamLine, ...]) -> int:
    for index, stream in enumerate(streams):
        if stream.kind == "audio" and stream.protocol in ("RTP/AVP", "RTP/AVPF"):
            return index
    raise SdpError("no audio stream over RTP/AVP")


def _payload_names(lines: list[str], numbers: list[int]) -> dict[int, str]:
    names = {number: STATIC_NAMES[number] for number in numbers if number in STATIC_NAMES}
    for line in lines:
        if line.startswith("a=rtpmap:"):
            number, _, encoding = line[9:].partition(" ")
            name, _, rate = encoding.strip().partition("/")
            if number.isdigit() and rate.split("/")[0] == "8000":
                names[int(number)] = name.upper()
    return names


def _known_codecs(numbers: list[int], names: dict[int, str]) -> tuple[str, ...]:
    return tuple(names[number] for number in numbers if OUR_CODECS.get(names.get(number, "")) == number)


def _digits_type(numbers: list[int], names: dict[int, str]) -> int | None:
    return next((number for number in numbers if names.get(number) == "TELEPHONE-EVENT"), None)


def _connection(lines: list[str]) -> str | None:
    for line in lines:
        if line.startswith("c=IN IP"):
            parts = line.split()
            if len(parts) >= 3:
                return parts[2].partition("/")[0]
    return None


def _direction(lines: list[str]) -> Direction | None:
    for line in lines:
        if line.startswith("a=") and line[2:] in set(Direction):
            return Direction(line[2:])
    return None


def _missing(what: str) -> str:
    raise SdpError(what)
