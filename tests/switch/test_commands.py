"""Orders as text: exact where the switch is exact, and nothing that an order holds can say more than it should."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

import pytest

from cxcore.domain.leg import HangUpCause, LegId, OrderId
from cxcore.ports.switch import Dial, Question
from cxcore.switch import commands
from cxcore.switch.commands import Unspeakable
from cxcore.switch.settings import SwitchSettings

LEG = LegId("4f1c")
ORDER = OrderId("order-1")
MUSIC = "local_stream://moh"
SETTINGS = SwitchSettings(sip_profile="cx", gateway="trunk")
BEGIN = (
    "multiset:^^;cx_{other}=;cx_{kind}=order-1;digits_entered=;transfer_history=;playback_terminators=none;"
    "playback_delimiter=!;playback_sleep_val=0;app_uuid=order-1"
)


def test_prompts_are_one_list_of_applications_that_ends_in_hold_music() -> None:
    prompts = (PurePath("/prompts/a.wav"), PurePath("/prompts/b c.wav".replace(" ", "-")))
    [command] = commands.say(LEG, ORDER, prompts, MUSIC)
    begin = BEGIN.format(kind="said", other="asked")
    assert command == (
        f"api uuid_transfer 4f1c 'm:|:{begin}|playback:/prompts/a.wav!/prompts/b-c.wav"
        f"|endless_playback:{MUSIC}|park' inline"
    )


def test_a_question_is_asked_once_with_times_in_milliseconds() -> None:
    question = Question((PurePath("/prompts/a.wav"),), 1, 4, timeout_seconds=5.5, digit_timeout_seconds=0.2)
    [command] = commands.ask(LEG, ORDER, question, MUSIC)
    asked = "play_and_get_digits:1 4 1 5500 # /prompts/a.wav silence_stream://10 digits_entered [0-9*]+ 1000"
    begin = BEGIN.format(kind="asked", other="said")
    assert command == f"api uuid_transfer 4f1c 'm:|:{begin}|{asked}|endless_playback:{MUSIC}|park' inline"


def test_no_prompts_are_a_moment_of_silence() -> None:
    assert "|playback:silence_stream://10|" in commands.say(LEG, ORDER, (), MUSIC)[0]


@pytest.mark.parametrize(
    "path",
    ["relative.wav", "/a b.wav", "/a'b.wav", "/a!b.wav", "/a|b.wav", "/a\nb.wav", "/a;b.wav", "/${x}.wav", "/a@@1.wav"],
)
def test_a_path_that_the_switch_would_read_otherwise_is_refused(path: str) -> None:
    with pytest.raises(Unspeakable, match="path"):
        commands.say(LEG, ORDER, (PurePath(path),), MUSIC)
    with pytest.raises(Unspeakable, match="path"):
        commands.start_recording(LEG, PurePath(path))


def test_paths_may_hold_letters_of_any_language() -> None:
    assert "/prompts/één.wav" in commands.say(LEG, ORDER, (PurePath("/prompts/één.wav"),), MUSIC)[0]


def dial(destination: str = "sip:anna@127.0.0.1:5071", **more: object) -> str:
    [command] = commands.dial(Dial(LEG, destination, "+31715550100", **more), SETTINGS, "job-1")  # type: ignore[arg-type]
    return command


def test_a_device_is_dialled_by_the_profile_and_a_number_by_the_trunk() -> None:
    command = dial(caller_name="Burgerzaken", marks={"agent": "anna"}, timeout_seconds=15)
    assert command == (
        "bgapi originate {^^;origination_uuid=4f1c;originate_timeout=15;origination_caller_id_number=+31715550100;"
        "origination_caller_id_name=Burgerzaken;ignore_early_media=true;outbound_redirect_fatal=true;"
        "hangup_after_bridge=false;send_silence_when_idle=-1;max_session_transfers=100000;cx_leg=dialled;"
        "park_after_bridge=true;cx_agent=anna}"
        "sofia/cx/sip:anna@127.0.0.1:5071 &park()\nJob-UUID: job-1"
    )
    assert "}sofia/gateway/trunk/+31612345678 &park()" in dial("+31612345678")
    assert "}sofia/cx/sip:anna@[::1]:5071;transport=tcp &park()" in dial("sip:anna@[::1]:5071;transport=tcp")


def test_emergency_centre_is_not_hung_up_for_its_silence() -> None:
    for number in ("112", "+31112"):
        assert ";rtp_timeout_sec=0;rtp_hold_timeout_sec=0}sofia/gateway/trunk/" in dial(number)
    assert "rtp_timeout_sec" not in dial("+31612345678")
    assert "rtp_timeout_sec" not in dial("sip:112@127.0.0.1:5071")


@pytest.mark.parametrize(
    ("codec", "offered"),
    [
        ("G722", ";absolute_codec_string=G722,PCMA,PCMU;"),
        ("PCMA", ";absolute_codec_string=PCMA,PCMU;"),
        ("PCMU", ";absolute_codec_string=PCMU,PCMA;"),
    ],
)
def test_device_is_offered_the_codec_of_its_partner_first_and_g722_only_beside_g722(codec: str, offered: str) -> None:
    [command] = commands.dial(Dial(LEG, "+31612345678", "+31715550100", marks={"a": "b"}), SETTINGS, "job-1", codec)
    assert offered in command


@pytest.mark.parametrize("codec", ["", "opus", "G722;x=y"])
def test_partner_with_no_codec_of_ours_leaves_the_choice_to_the_switch(codec: str) -> None:
    [command] = commands.dial(Dial(LEG, "+31612345678", "+31715550100"), SETTINGS, "job-1", codec)
    assert "codec_string" not in command


def test_party_is_asked_for_another_codec_and_may_keep_g722() -> None:
    [command] = commands.change_codec(LEG, "PCMU", SETTINGS.codecs)
    assert command == "api uuid_media_reneg 4f1c =PCMU,PCMA,G722"


def test_only_a_number_is_told_as_that_for_which_a_call_is_forwarded() -> None:
    assert ";sip_h_X-CX-Forwarded-From=+31715550100;" in dial(forwarded_from="+31715550100", marks={"a": "b"})
    for odd in ("", "anna", "+3171;x=y", "1\r\nX: y"):
        assert "sip_h_" not in dial(forwarded_from=odd)


def test_a_softphone_is_dialled_at_the_page_that_is_it_and_nothing_else_can_be_written_there() -> None:
    by_softphones = replace(SETTINGS, sbc="127.0.0.1:5060")
    page = "00112233445566778899aabb"
    [command] = commands.dial(Dial(LEG, f"softphone:anna~{page}", "+31715550100"), by_softphones, "job-1")
    assert f"}}sofia/cx/sip:anna~{page}@127.0.0.1:5060 &park()" in command
    with pytest.raises(Unspeakable):
        commands.dial(Dial(LEG, "softphone:anna~x@evil", "+31715550100"), by_softphones, "job-1")


def test_user_of_teams_is_dialled_past_the_sbc_alone() -> None:
    whom = "sip:+31715550177@sip.pstnhub.microsoft.com"
    settings = replace(SETTINGS, sbc="127.0.0.1:5060")
    [command] = commands.dial(Dial(LEG, whom, "+31715550100"), settings, "job-1")
    assert f"}}sofia/cx/{whom};fs_path=sip:127.0.0.1:5060 &park()" in command
    with pytest.raises(Unspeakable, match="no SBC"):
        commands.dial(Dial(LEG, whom, "+31715550100"), replace(SETTINGS, sbc=None), "job-1")


@pytest.mark.parametrize(
    "destination",
    [
        "",
        "anna",
        "sip:anna",
        "sip:a@h,sofia/cx/sip:b@h",
        "sip:a@h|x",
        "sip:a@h &echo()",
        "{x=y}sip:a@h",
        "tel:+31",
        "+31 6",
        "sip:a@h\n",
    ],
)
def test_a_destination_that_is_neither_address_nor_number_is_refused(destination: str) -> None:
    with pytest.raises(Unspeakable, match="neither a SIP address"):
        dial(destination)


def test_a_name_is_escaped_for_the_three_splits_that_read_it() -> None:
    assert "caller_id_name=D\\\\\\\\\\\\\\'Art\\sX;" in dial(caller_name="D'Art X")
    assert "caller_id_name=a\\\\\\\\=b;" in dial(caller_name="a=b")
    assert "caller_id_name=a\\\\;b;" in dial(caller_name="a;b")


def test_what_a_name_cannot_hold_is_replaced() -> None:
    assert "caller_id_name=(a)-b-c'S%25;" in dial(caller_name='{a}/b:c"$%\n\x00').replace("\\", "")


@pytest.mark.parametrize("name", ["Agent", "a b", "a=b", "a;b", "", "leg", "x" * 41])
def test_a_mark_with_another_name_is_refused(name: str) -> None:
    with pytest.raises(Unspeakable, match="mark"):
        commands.mark(LEG, {name: "x"})


@pytest.mark.parametrize("value", ["plain", "a;b=c 'd' \"e\" {f} ${g} 100% \\ é\n\t", "", "%41"])
def test_the_value_of_a_mark_comes_back_as_it_was(value: str) -> None:
    [command] = commands.mark(LEG, {"note": value})
    name, _, written = command.partition("uuid_setvar_multi 4f1c ")[2].partition("=")
    assert commands.marks_in({f"variable_{name}": written, "variable_cx_leg": "taken", "Other": "x"}) == {"note": value}
    assert not set(written) & set(" ;=,'\"\\\n{}$")


@pytest.mark.parametrize("leg_id", ["", "a b", "a\nb", "a;b", "x" * 81])
def test_a_leg_with_an_impossible_identity_is_refused(leg_id: str) -> None:
    for build in (commands.answer, commands.ring, commands.take, commands.keep, commands.park):
        with pytest.raises(Unspeakable, match="identity"):
            build(LegId(leg_id))


def test_only_keys_are_sent() -> None:
    assert commands.send_digits(LEG, "12*#") == ["api uuid_send_dtmf 4f1c 12*#"]
    with pytest.raises(Unspeakable, match="no keys"):
        commands.send_digits(LEG, "1 2")


def test_a_recording_is_stereo_and_masked_by_its_path() -> None:
    path = PurePath("/var/rec/a.wav")
    assert commands.start_recording(LEG, path) == [
        "api uuid_setvar_multi 4f1c RECORD_STEREO=true;RECORD_READ_ONLY=false;enable_file_write_buffering=16000"
        ";record_sample_rate=8000",
        "api uuid_record 4f1c start /var/rec/a.wav",
    ]
    assert commands.mask_recording(LEG, path, True) == ["api uuid_record 4f1c mask /var/rec/a.wav"]
    assert commands.mask_recording(LEG, path, False) == ["api uuid_record 4f1c unmask /var/rec/a.wav"]
    assert commands.stop_recording(LEG, path) == ["api uuid_record 4f1c stop /var/rec/a.wav"]


def test_every_cause_has_a_word_of_the_switch() -> None:
    assert set(commands.CAUSES) == set(HangUpCause)


def test_a_password_does_not_show() -> None:
    assert "geheim" not in repr(SwitchSettings(password="geheim"))
