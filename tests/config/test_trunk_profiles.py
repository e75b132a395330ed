"""Profiles of trunks: the shipped ones work, and each wrong value is one message that says where and what to write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts import sbc_site
from scripts.sbc_values import BadSiteValue
from tests.config.sbc_stage import check, needs_kamailio

GENERAL = "+31715550100"


@needs_kamailio
@pytest.mark.parametrize("name", ["sipconnect", "gt-vast"])
def test_shipped_profile_is_taken_by_kamailio(tmp_path: Path, name: str) -> None:
    profile = str(sbc_site.CONFIGURATION / "profiles" / f"{name}.yml")
    values = {"trunk": "192.0.2.1:5060,192.0.2.2:5060", "trunk_profile": profile, "shown_number": GENERAL}
    sbc_site.write_site(tmp_path, values | {"own_numbers": "+3171555*"})
    assert check(tmp_path) == ""


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("mode: dynamic\n", "profile.yml:1: mode: is \"dynamic\"; write one of: static, register, both"),
        ("transport: sctp\n", "transport: is \"sctp\"; write one of: udp, tcp, tls"),
        ("number_form: +31\n", "write one of: e164plus, e164, national, 0031"),
        ("identity: rpid\n", "write one of: pai, ppi, from"),
        ("history: yes\n", "write one of: diversion, history-info, both, none"),
        ("options_seconds: often\n", "write a whole number from 0 to 3600"),
        ("session_seconds: 90\n", "write 0 for none, or a whole number of seconds from 120 to 86400"),
        ("user_phone: maybe\n", "write yes or no"),
        ("codecs: [speex]\n", "write a list of codecs"),
        ("srtp: required\ntransport: udp\n", "srtp: its keys stand in the SDP, so `transport` must be tls"),
        ("srtp: required\ntransport: tls\nrelay_sound: no\n", "so `relay_sound` must be yes"),
        ("digest: yes\n", "digest: is not a setting"),
    ],
)
def test_wrong_value_of_a_profile_is_one_clear_message(tmp_path: Path, text: str, finding: str) -> None:
    (tmp_path / "profile.yml").write_text(text, encoding="utf-8")
    values = {"trunk": "192.0.2.1:5060", "trunk_profile": str(tmp_path / "profile.yml")}
    with pytest.raises(BadSiteValue) as caught:
        sbc_site.write_site(tmp_path / "sbc", values)
    assert finding in str(caught.value)


@pytest.mark.parametrize(
    ("values", "finding"),
    [
        ({"trunk": "trunk.example:5060"}, "trunk: trunk.example is no IP address"),
        ({"own_numbers": "071-5550100"}, "own_numbers: 071-5550100 is no number"),
        ({"own_numbers": "+3171555*"}, "shown_number: nothing is no number of ours"),
        ({"trunk_user": "a b"}, "trunk_user: a b holds something else"),
        ({"trunk_user": "cx"}, "trunk_password_file: must name a file"),
        ({"trunk_profile": "/nowhere.yml"}, "there is no such file"),
    ],
)
def test_wrong_value_of_the_trunk_is_one_clear_message(tmp_path: Path, values: dict[str, str], finding: str) -> None:
    with pytest.raises(BadSiteValue, match=re.escape(finding)):
        sbc_site.write_site(tmp_path / "sbc", {"trunk": "192.0.2.1:5060", **values})
