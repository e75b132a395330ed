"""Arguments and dial strings: how lines are cut into parts."""

from __future__ import annotations

from typing import Any

import pytest

from softswitch.dial_string import DialStringError, read_dial_string
from softswitch.digits import BadQuestion, read_question
from softswitch.key_text import read_keys
from softswitch.separating import separate
from softswitch.settings import Settings, SettingsError
from softswitch.sip.causes import Cause, cause_from_text, cause_of_status, q850_number, sip_status
from softswitch.sip.dialog import one_line
from softswitch.variables import Variables, expand, is_true


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a b  c", ["a", "b", "c"]),
        ("a 'b c' d", ["a", "b c", "d"]),
        ("{x='y z'}sofia/cx/1 &park()", ["{x=y z}sofia/cx/1", "&park()"]),
        ("it's", ["it's"]),
        (r"a\sb c", ["a b", "c"]),
        ("", []),
        ("   ", []),
    ],
)
def test_spaces_separate_and_quotes_keep_together(text: str, parts: list[str]) -> None:
    assert separate(text) == parts


def test_another_delimiter_separates_too() -> None:
    assert separate("a=1;b=x y;c='1;2'", ";") == ["a=1", "b=x y", "c=1;2"]
    assert separate("name=a=b", "=", limit=2) == ["name", "a=b"]


def test_dial_string_with_variables_groups_and_legs() -> None:
    first = "{a=1,b='x,y'}{c=3}[d=4]sofia/cx/anna@192.0.2.1:5062,sofia/gateway/trunk/+31"
    dial = read_dial_string(f"{first}|sofia/cx/b@[::1]:9")
    assert dial.variables == {"a": "1", "b": "x,y", "c": "3"}
    (anna, trunk), (last,) = dial.attempts
    assert (anna.user, anna.host, anna.port, anna.variables) == ("anna", "192.0.2.1", 5062, {"d": "4"})
    assert (trunk.gateway, trunk.user) == ("trunk", "+31")
    assert (last.host, last.port) == ("[::1]", 9)


def test_dial_string_takes_another_delimiter_and_a_sip_uri() -> None:
    dial = read_dial_string("{^^:a=1:b=x,y}sofia/cx/sip:anna@example.org;transport=udp")
    assert dial.variables == {"a": "1", "b": "x,y"}
    assert dial.attempts[0][0].text == "anna@example.org"


def test_dial_string_names_where_the_invite_is_sent() -> None:
    dial = read_dial_string("sofia/cx/sip:+31715550177@teams.example;user=phone;fs_path=sip:192.0.2.1:5070")
    (destination,) = dial.attempts[0]
    assert (destination.text, destination.path) == ("+31715550177@teams.example", ("192.0.2.1", 5070))


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", Cause.CHAN_NOT_IMPLEMENTED),
        ("user/1000", Cause.CHAN_NOT_IMPLEMENTED),
        ("sofia/cx", Cause.INVALID_URL),
        ("sofia/cx/a@h:99999", Cause.INVALID_URL),
        ("sofia/gateway/trunk", Cause.INVALID_URL),
        ("{a=1", Cause.DESTINATION_OUT_OF_ORDER),
    ],
)
def test_dial_string_that_cannot_be_dialled_names_its_cause(text: str, cause: Cause) -> None:
    if not text:
        text = "nonsense"
    with pytest.raises(DialStringError) as refused:
        read_dial_string(text)
    assert refused.value.cause is cause


def test_question_has_all_its_arguments() -> None:
    question = read_question("1 4 3 5000 # /a.wav /b.wav digits_menu ^[12]$ 3000 'overflow XML overflow'")
    assert (question.minimum, question.maximum, question.tries, question.timeout) == (1, 4, 3, 5.0)
    assert (question.terminators, question.prompt, question.bad_input_prompt) == ("#", "/a.wav", "/b.wav")
    assert (question.variable, question.pattern, question.digit_timeout) == ("digits_menu", "^[12]$", 3.0)
    assert question.transfer_on_failure == "overflow XML overflow"


def test_question_with_odd_numbers_is_mended_as_freeswitch_does() -> None:
    question = read_question("-1 0 x 10 # a")
    assert (question.minimum, question.maximum, question.tries, question.timeout) == (0, 0, 0, 1.0)
    with pytest.raises(BadQuestion):
        read_question("  ")


def test_keys_are_read_with_their_length() -> None:
    assert (read_keys("12a#x").digits, read_keys("12a#x").duration_ms) == ("12A#", 250)
    assert read_keys("5@100").duration_ms == 100
    assert read_keys("5@1").duration_ms == 50


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (486, "USER_BUSY"),
        (480, "NO_USER_RESPONSE"),
        (404, "UNALLOCATED_NUMBER"),
        (603, "CALL_REJECTED"),
        (408, "RECOVERY_ON_TIMER_EXPIRE"),
        (503, "NORMAL_TEMPORARY_FAILURE"),
        (499, "NORMAL_UNSPECIFIED"),
    ],
)
def test_each_refusal_has_its_cause(status: int, cause: str) -> None:
    assert cause_of_status(status).name == cause


def test_causes_are_read_by_name_and_number() -> None:
    assert cause_from_text("user_busy") is Cause.USER_BUSY
    assert cause_from_text("17") is Cause.USER_BUSY
    assert cause_from_text("nonsense") is Cause.NORMAL_CLEARING
    assert sip_status(Cause.CALL_REJECTED) == 603
    assert q850_number(Cause.MEDIA_TIMEOUT) == 16


def test_variables_know_no_case_and_keep_the_order_of_setting() -> None:
    variables = Variables()
    variables.set("A", "1")
    variables.set("b", "2")
    variables.set("a", "3")
    assert variables.get("A") == "3"
    assert [name for name, _ in variables.items()] == ["b", "a"]
    variables.set("B", "")
    assert variables.get("b") is None


def test_values_are_expanded_without_running_anything() -> None:
    known = {"x": "1"}
    assert expand("${x} ${y} ${hupall()} $x", known.get) == "1   $x"
    assert all(is_true(value) for value in ("true", "YES", "1"))
    assert not any(is_true(value) for value in ("0", "no", "", None))


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\0"])
def test_a_header_value_stays_on_its_line(end: str) -> None:
    assert len(one_line(f"a{end}X-Evil: 1").splitlines()) == 1


@pytest.mark.parametrize(
    ("wrong", "setting"),
    [
        ({"password": ""}, "password_file"),
        ({"gateways": {"trunk": "nowhere"}}, "gateways"),
        ({"sip_ipv4": "0.0.0.0"}, "sip_ipv4"),  # noqa: S104
        ({"sip_ipv6": "127.0.0.1"}, "sip_ipv6"),
        ({"sip_ipv4": None, "sip_ipv6": None}, "sip_ipv4, sip_ipv6"),
        ({"sip_port": 70000}, "sip_port"),
        ({"rtp_port_max": 20000}, "rtp_port_min, rtp_port_max"),
        ({"allowed_peers": ("everybody",)}, "allowed_peers"),
        ({"codecs": ("PCMA", "opus")}, "codecs"),
        ({"codecs": ("PCMA", "PCMA")}, "codecs"),
        ({"codecs": ()}, "codecs"),
    ],
)
def test_a_wrong_setting_is_named(wrong: dict[str, Any], setting: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings(**{"password": "secret", **wrong})
    assert refused.value.setting == setting


@pytest.mark.parametrize(
    ("text", "delimiter", "parts"),
    [
        (r"a='1,2',b=\,3,c= 'x y' ", ",", ["a=1,2", "b=,3", "c= x y"]),
        ("it's,'a b", ",", ["its,a b"]),
        ("'a ' b", ",", ["a  b"]),
        ("a,,b,", ",", ["a", "", "b"]),
        (r"a\x\\b", ",", [r"a\x\b"]),
    ],
)
def test_quotes_spaces_and_backslashes_in_a_part(text: str, delimiter: str, parts: list[str]) -> None:
    assert separate(text, delimiter) == parts
