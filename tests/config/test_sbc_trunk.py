"""The trunk: what a profile asks for goes over the line, calls come in and go out, and a second address helps."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.sbc_stage import Sbc, needs_kamailio
from tests.contract.sip_peer import Call, Message, SipParty, wait_until
from tests.numbering import FORMS
from tests.ports import free_port

pytestmark = needs_kamailio

OUTSIDE = "+31612345678"
GENERAL, OWN, FOREIGN = "+31715550100", "+31715550111", "+31206661234"
DIALLED = [(written, meant) for written, meant in FORMS if meant not in (None, "112") and "(" not in written]
PASSWORD = "geheim-van-de-lijn"
PLAIN = "relay_sound: no\noptions_seconds: 1\n"


class TrunkStage:
    """An SBC between a switch and a trunk of one or two addresses."""

    def __init__(self, folder: Path, profile: str = PLAIN, addresses: int = 1, **values: str) -> None:
        self.trunks = [SipParty(("127.0.0.1", 9), host=f"127.0.0.{9 + each}") for each in range(addresses)]
        (folder / "profile.yml").write_text(profile, encoding="utf-8")
        (folder / "password").write_text(PASSWORD, encoding="utf-8")
        values.setdefault("trunk", ",".join(trunk.address for trunk in self.trunks))
        values = {"trunk_profile": str(folder / "profile.yml"), "shown_number": GENERAL, **values}
        values.setdefault("own_numbers", "+3171555*")
        self.sbc = Sbc(folder / "sbc", allowed_networks="127.0.0.1/32", **values)
        for trunk in self.trunks:
            trunk.engine = ("127.0.0.1", self.sbc.port)

    @property
    def trunk(self) -> SipParty:
        return self.trunks[0]

    def dials(self, number: str, caller: str = OWN, headers: dict[str, str] | None = None) -> Call:
        """The call as the switch makes it."""
        return self.sbc.switch.call(number, caller=caller, headers=headers)

    def goes_out(self, number: str, caller: str = OWN, headers: dict[str, str] | None = None) -> Message:
        """The INVITE as the trunk gets it."""
        call = self.dials(number, caller, headers)
        arrived = self.trunk.expect_call()
        arrived.reject(486)
        call.wait_final()
        assert arrived.invite is not None
        return arrived.invite

    def comes_in(self, number: str, caller: str = OUTSIDE, headers: dict[str, str] | None = None) -> Message:
        """The INVITE as the switch gets it."""
        call = self.trunk.call(number, caller=caller, headers=headers)
        arrived = self.sbc.switch.expect_call()
        arrived.reject(486)
        call.wait_final()
        assert arrived.invite is not None
        return arrived.invite

    def close(self) -> None:
        self.sbc.close()
        for trunk in self.trunks:
            trunk.close()


@pytest.fixture(scope="module")
def line_out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrunkStage]:
    stage = TrunkStage(tmp_path_factory.mktemp("trunk"), PLAIN + "history: both\nsession_timers: strip\n")
    yield stage
    stage.close()


def dialled(invite: Message) -> str:
    """The number of the request line."""
    found = re.match(r"INVITE sip:([^@;]+)@", invite.start)
    assert found
    return found[1]


# --- Numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("written", "meant"), DIALLED)
def test_each_form_of_a_dialled_number_reaches_the_switch_as_one(
    line_out: TrunkStage, written: str, meant: str
) -> None:
    assert dialled(line_out.comes_in(written.replace(" ", ""))) == meant


@pytest.mark.parametrize("written", ["0612345678", "0031612345678", "31612345678", "+31612345678"])
def test_caller_is_asserted_in_one_form(line_out: TrunkStage, written: str) -> None:
    assert f"<sip:{OUTSIDE}@" in line_out.comes_in(GENERAL, written).get("P-Asserted-Identity")


def test_number_of_ours_that_a_switch_dials_comes_back_without_going_over_the_line(line_out: TrunkStage) -> None:
    call = line_out.dials(GENERAL, OWN, {"X-CX-Forwarded-From": "+31715550120"})
    arrived = line_out.sbc.switch.expect_call()
    assert arrived.invite is not None
    assert dialled(arrived.invite) == GENERAL
    assert OWN in arrived.invite.get("From")
    assert arrived.invite.get("X-CX-Forwarded-From") == "+31715550120"
    arrived.reject(486)
    assert call.wait_final().status == 486


def test_caller_who_hides_stays_hidden_and_the_network_says_who_it_is(line_out: TrunkStage) -> None:
    headers = {"P-Asserted-Identity": "<tel:0612345678>", "Privacy": "id"}
    invite = line_out.comes_in(GENERAL, "anonymous", headers)
    assert f"<sip:{OUTSIDE}@" in invite.get("P-Asserted-Identity")
    assert invite.get("Privacy") == "id"
    assert OUTSIDE not in invite.get("From")


def test_caller_of_whom_nothing_is_known_has_no_number(line_out: TrunkStage) -> None:
    assert line_out.comes_in(GENERAL, "anonymous").get("P-Asserted-Identity") == ""


@pytest.mark.parametrize(
    "header",
    [
        {"Diversion": "<sip:0715550199@x>;reason=unconditional"},
        {"History-Info": "<sip:+31715550199@x>;index=1, <sip:+31715550100@x?Reason=SIP%3Bcause%3D302>;index=1.1"},
    ],
)
def test_forwarded_call_brings_the_number_that_was_dialled_first(
    line_out: TrunkStage, header: dict[str, str]
) -> None:
    assert line_out.comes_in(GENERAL, headers=header).get("X-CX-Forwarded-From") == "+31715550199"


def test_switch_is_told_that_the_sound_of_a_call_goes_past_us(line_out: TrunkStage) -> None:
    assert line_out.comes_in(GENERAL, headers={"X-CX-Sound": "forged"}).all("X-CX-Sound") == ["direct"]


def test_call_that_was_forwarded_in_circles_ends(line_out: TrunkStage) -> None:
    entries = "".join(f"\r\nHistory-Info: <sip:+3171555{each:04}@x>;index={each}" for each in range(12))
    call = line_out.trunk.call(GENERAL, headers={"X-Other": f"x{entries}"})
    assert call.wait_final().status == 482


# --- What the called party sees --------------------------------------------------------------------------------------


def test_own_number_is_shown(line_out: TrunkStage) -> None:
    invite = line_out.goes_out(OUTSIDE, OWN)
    assert f"<sip:{OWN}@" in invite.get("P-Asserted-Identity")
    assert f"<sip:{OWN}@" in invite.get("From")
    assert invite.get("Privacy") == ""


@pytest.mark.parametrize("caller", [FOREIGN, "14071", "101", "peer"])
def test_number_that_is_not_ours_is_never_shown(line_out: TrunkStage, caller: str) -> None:
    invite = line_out.goes_out(OUTSIDE, caller)
    assert f"<sip:{GENERAL}@" in invite.get("P-Asserted-Identity")
    assert f"<sip:{GENERAL}@" in invite.get("From")
    assert caller not in invite.get("From").partition("@")[0]


def test_hidden_number_is_known_to_the_network_alone(line_out: TrunkStage) -> None:
    invite = line_out.goes_out(OUTSIDE, "anonymous")
    assert "anonymous@anonymous.invalid" in invite.get("From")
    assert invite.get("Privacy") == "id"
    assert f"<sip:{GENERAL}@" in invite.get("P-Asserted-Identity")


def test_forwarded_call_tells_for_which_number(line_out: TrunkStage) -> None:
    invite = line_out.goes_out(OUTSIDE, OWN, {"X-CX-Forwarded-From": GENERAL})
    assert f"<sip:{GENERAL}@" in invite.get("Diversion")
    assert f"<sip:{GENERAL}@" in invite.get("History-Info")
    assert "cause%3D302" in invite.get("History-Info")
    assert invite.get("X-CX-Forwarded-From") == ""


def test_number_that_is_not_ours_is_no_forwarder(line_out: TrunkStage) -> None:
    assert line_out.goes_out(OUTSIDE, OWN, {"X-CX-Forwarded-From": FOREIGN}).get("Diversion") == ""


def test_extensions_that_the_profile_strips_are_not_offered(line_out: TrunkStage) -> None:
    wanted = {"Supported": "timer, 100rel, path", "Session-Expires": "1800"}
    invite = line_out.goes_out(OUTSIDE, OWN, wanted)
    assert (invite.get("Supported"), invite.get("Session-Expires")) == ("path", "")


def test_extensions_that_the_profile_strips_do_not_come_in_either(line_out: TrunkStage) -> None:
    wanted = {"Supported": "timer, path", "Session-Expires": "1800", "Min-SE": "90"}
    invite = line_out.comes_in(GENERAL, headers=wanted)
    assert (invite.get("Supported"), invite.get("Session-Expires"), invite.get("Min-SE")) == ("path", "", "")


def test_profile_that_passes_session_timers_asks_for_one_where_the_switch_knows_them(tmp_path: Path) -> None:
    stage = TrunkStage(tmp_path, PLAIN + "session_seconds: 600\n")
    assert stage.goes_out(OUTSIDE, headers={"Supported": "timer"}).get("Session-Expires") == "600"
    assert stage.goes_out(OUTSIDE).get("Session-Expires") == ""
    asked = {"Supported": "timer", "Session-Expires": "900;refresher=uas"}
    assert stage.comes_in(GENERAL, headers=asked).get("Session-Expires") == "900;refresher=uas"
    stage.close()


def test_trunk_sees_no_address_of_the_switch(line_out: TrunkStage) -> None:
    invite = line_out.goes_out(OUTSIDE)
    told = "\n".join(value for _, value in invite.headers)
    assert line_out.sbc.switch.address not in told
    assert str(line_out.sbc.port) in invite.get("Via")


@pytest.mark.parametrize(
    ("form", "number", "expected"),
    [
        ("e164", OUTSIDE, "31612345678"),
        ("national", OUTSIDE, "0612345678"),
        ("national", "+4930123456", "004930123456"),
        ("0031", OUTSIDE, "0031612345678"),
        ("0031", "14071", "14071"),
    ],
)
def test_numbers_are_written_as_the_profile_says(tmp_path: Path, form: str, number: str, expected: str) -> None:
    stage = TrunkStage(tmp_path, PLAIN + f"number_form: {form}\nuser_phone: yes\nidentity: ppi\n")
    invite = stage.goes_out(number)
    assert dialled(invite) == expected
    assert ";user=phone" in invite.start
    assert invite.get("P-Preferred-Identity")
    stage.close()


# --- 112 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["112", "+31112", "0031112"])
def test_emergency_call_of_a_device_goes_out_though_no_switch_lives(tmp_path: Path, written: str) -> None:
    nobody = free_port()
    stage = TrunkStage(tmp_path, switches=f"127.0.0.1:{nobody}", emergency_number="+31715550199")
    device = SipParty(("127.0.0.1", stage.sbc.port))
    call = device.call(written, caller="anna")
    arrived = stage.trunk.expect_call()
    assert arrived.invite is not None and dialled(arrived.invite) == "112"
    assert "<sip:+31715550199@" in arrived.invite.get("P-Asserted-Identity")
    arrived.answer()
    call.wait_answered()
    call.bye()
    assert arrived.wait_ended(3)
    device.close()
    stage.close()


def test_emergency_call_is_tried_on_every_address(tmp_path: Path) -> None:
    stage = TrunkStage(tmp_path, addresses=2)
    call = stage.dials("112", "anonymous")
    stage.trunks[0].expect_call().reject(404)
    arrived = stage.trunks[1].expect_call()
    assert arrived.invite is not None and arrived.invite.get("Privacy") == ""
    arrived.answer()
    call.wait_answered()
    stage.close()


# --- Calls -----------------------------------------------------------------------------------------------------------


def test_call_that_comes_in_is_ended_by_either_side(line_out: TrunkStage) -> None:
    for ends_first in ("trunk", "switch"):
        call = line_out.trunk.call(GENERAL)
        arrived = line_out.sbc.switch.expect_call()
        arrived.answer()
        call.wait_answered()
        assert arrived.acknowledged.wait(2)
        first, other = (call, arrived) if ends_first == "trunk" else (arrived, call)
        first.bye()
        assert other.wait_ended(3)


def test_network_holds_and_refreshes_the_session(line_out: TrunkStage) -> None:
    call = line_out.trunk.call(GENERAL)
    arrived = line_out.sbc.switch.expect_call()
    arrived.answer()
    call.wait_answered()
    assert call.reinvite("sendonly").status == 200
    assert [offer.direction for offer in arrived.reinvites()] == ["sendonly"]
    assert call.reinvite("sendrecv").status == 200
    call.bye()
    assert arrived.wait_ended(3)


def test_early_media_passes_or_becomes_ringing_as_the_profile_says(line_out: TrunkStage, tmp_path: Path) -> None:
    strict = TrunkStage(tmp_path, PLAIN + "early_media: strip\n")
    for stage, heard in ((line_out, 183), (strict, 180)):
        call = stage.dials(OUTSIDE)
        arrived = stage.trunk.expect_call()
        arrived.progress()
        progress = call.wait("progress", lambda message: 180 <= message.status < 200)
        assert (progress.status, bool(progress.body)) == (heard, heard == 183)
        arrived.reject(486)
        call.wait_final()
    strict.close()


def test_account_is_proved_when_the_provider_asks(tmp_path: Path) -> None:
    account = {"trunk_user": "gemeente", "trunk_password_file": str(tmp_path / "password")}
    stage = TrunkStage(tmp_path, PLAIN + "domain: trunk.example\n", 1, **account)
    call = stage.dials(OUTSIDE)
    challenge = {"WWW-Authenticate": 'Digest realm="trunk.example", nonce="abc123"'}
    first = stage.trunk.expect_call()
    first.reject(401, headers=challenge)
    wait_until(lambda: len([m for m in first.messages if m.get("Authorization")]) > 0, 5)
    proof = next(message for message in first.messages if message.get("Authorization")).get("Authorization")
    assert proves(proof, "gemeente", "trunk.example", "INVITE")
    assert PASSWORD not in stage.sbc.log
    call.cancel()
    stage.close()


def proves(authorization: str, user: str, realm: str, method: str) -> bool:
    """Whether this is the digest of the password (RFC 2617)."""
    fields = dict(re.findall(r'(\w+)="?([^",]+)"?', authorization))
    one = hashlib.md5(f"{user}:{realm}:{PASSWORD}".encode()).hexdigest()  # noqa: S324 - digest
    two = hashlib.md5(f"{method}:{fields['uri']}".encode()).hexdigest()  # noqa: S324
    rest = f":{fields['nonce']}:{fields['nc']}:{fields['cnonce']}:auth" if "nc" in fields else f":{fields['nonce']}"
    return bool(fields["response"] == hashlib.md5(f"{one}{rest}:{two}".encode()).hexdigest())  # noqa: S324


def test_sbc_registers_with_its_account(tmp_path: Path) -> None:
    account = {"trunk_user": "gemeente", "trunk_password_file": str(tmp_path / "password")}
    stage = TrunkStage(tmp_path, PLAIN + "mode: register\ndomain: trunk.example\n", 1, **account)

    def registrations() -> list[Message]:
        return [message for message in stage.trunk.strays if message.start.startswith("REGISTER")]

    assert wait_until(lambda: bool(registrations()), 20), stage.sbc.log
    request = registrations()[0]
    names = ("Via", "From", "To", "Call-ID", "CSeq")
    lines = [f"{name}: {value}" for name in names for value in request.all(name)]
    lines += ['WWW-Authenticate: Digest realm="trunk.example", nonce="abc123"', "Content-Length: 0"]
    stage.trunk.send(("\r\n".join(["SIP/2.0 401 Unauthorized", *lines]) + "\r\n\r\n").encode())
    assert wait_until(lambda: any(message.get("Authorization") for message in registrations()), 10)
    proof = next(message.get("Authorization") for message in registrations() if message.get("Authorization"))
    assert proves(proof, "gemeente", "trunk.example", "REGISTER")
    stage.close()


# --- Its addresses ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first_says", ["nothing", "503"])
def test_second_address_takes_the_call(tmp_path: Path, first_says: str) -> None:
    stage = TrunkStage(tmp_path, PLAIN.replace("options_seconds: 1", "options_seconds: 0"), addresses=2)
    if first_says == "nothing":
        stage.trunks[0].close()
    call = stage.dials(OUTSIDE)
    if first_says == "503":
        stage.trunks[0].expect_call().reject(503)
    stage.trunks[1].expect_call().answer()
    call.wait_answered()
    stage.sbc.close()
    for trunk in stage.trunks[1 if first_says == "nothing" else 0 :]:
        trunk.close()


def test_what_a_called_party_says_is_final(tmp_path: Path) -> None:
    stage = TrunkStage(tmp_path, addresses=2)
    for status in (486, 603, 404):
        call = stage.dials(OUTSIDE)
        stage.trunks[0].expect_call().reject(status)
        assert call.wait_final().status == status
    assert stage.trunks[1].expect_no_call(0.2)
    stage.close()


def test_address_that_does_not_answer_options_is_shown_away_and_passed_over(tmp_path: Path) -> None:
    nobody = f"127.0.0.1:{free_port()}"
    second = SipParty(("127.0.0.1", 9), host="127.0.0.10")
    stage = TrunkStage(tmp_path, trunk=f"{nobody},{second.address}")
    second.engine = ("127.0.0.1", stage.sbc.port)
    assert wait_until(lambda: stage.sbc.status()["peers"].get(nobody) == "away", 20), stage.sbc.log
    assert wait_until(lambda: stage.sbc.status()["peers"].get(second.address) == "answers", 10)
    started = time.monotonic()
    call = stage.dials(OUTSIDE)
    second.expect_call().answer()
    call.wait_answered()
    assert time.monotonic() - started < 2
    assert f"{nobody} does not answer" in stage.sbc.log
    stage.close()
    second.close()


def test_switch_hears_that_no_address_takes_its_call(tmp_path: Path) -> None:
    stage = TrunkStage(tmp_path, addresses=2)
    call = stage.dials(OUTSIDE)
    for trunk in stage.trunks:
        trunk.expect_call().reject(503)
    answer = call.wait_final()
    assert (answer.status, answer.get("Retry-After")) == (503, "5")
    stage.close()
