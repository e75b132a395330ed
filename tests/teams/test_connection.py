"""Whom we take for Teams, the questions that keep the trunk active, and certificates, also those of 2026."""

from __future__ import annotations

import socket
import ssl
import uuid

import pytest

from tests.contract.sip_peer import wait_until
from tests.teams.conftest import OUR_NAME, TeamsStage
from tests.teams.peer import TeamsPeer, host_of, offer, request
from tests.teams.test_inwards import GENERAL, TeamsCall


def options(teams: TeamsStage) -> str:
    dialogue = {"From": "<sip:sip.pstnhub.microsoft.com:5061>;tag=o", "To": f"<sip:{OUR_NAME}>", "Call-ID": "options"}
    return request("OPTIONS", f"sip:{OUR_NAME}:{teams.sbc.door('tls')};transport=tls", dialogue)


def test_each_entrance_is_asked_again_and_again(teams: TeamsStage) -> None:
    for entrance in teams.entrances:
        assert wait_until(lambda entrance=entrance: len(entrance.options) >= 2, 10)  # type: ignore[misc]
    question = teams.entrances[2].options[0]
    assert host_of(question.get("Contact")) == OUR_NAME
    assert "@" not in question.get("Contact"), "without a user"
    assert "transport=tls" in question.get("Contact")
    assert "NOTIFY" in question.get("Allow") and "REFER" not in question.get("Allow")


def test_question_of_teams_is_answered_and_names_us(teams: TeamsStage) -> None:
    connection = teams.entrances[0].dial_in("127.0.0.1", teams.sbc.door("tls"))
    connection.send(options(teams))
    answer = teams.entrances[0].wait(lambda message: message.status == 200 and message.call_id == "options")
    assert host_of(answer.get("Contact")) == OUR_NAME
    assert "NOTIFY" in answer.get("Allow") and "REFER" not in answer.get("Allow")


def test_sbc_shows_its_certificate_where_it_calls(teams: TeamsStage) -> None:
    assert wait_until(lambda: any(each.shown for each in teams.entrances[0].connections), 5)


def test_status_tells_which_entrances_answer(teams: TeamsStage) -> None:
    addresses = [each.address for each in teams.entrances]
    assert wait_until(lambda: all(teams.sbc.status()["peers"].get(each) == "answers" for each in addresses), 10)


def test_certificate_for_servers_only_is_taken_from_who_calls_us(teams: TeamsStage) -> None:
    """What Microsoft shows since 2026 has no clientAuth (MC1213773)."""
    peer = TeamsPeer("127.0.0.14", teams.folder, certificate="server-only")
    connection = peer.dial_in("127.0.0.1", teams.sbc.door("tls"))
    call = TeamsCall(teams, connection, GENERAL)
    call.invite()
    teams.sbc.switch.expect_call().reject(486)
    peer.wait(lambda message: message.status == 486)
    peer.close()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_tls_is_refused(teams: TeamsStage, version: ssl.TLSVersion) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = version
    with socket.create_connection(("127.0.0.1", teams.sbc.door("tls")), 5) as plain, pytest.raises(OSError):
        context.wrap_socket(plain)


def test_stranger_who_says_he_is_teams_is_refused(teams: TeamsStage) -> None:
    peer = TeamsPeer("127.0.0.33", teams.folder)
    TeamsCall(teams, peer.dial_in("127.0.0.1", teams.sbc.door("tls")), GENERAL).invite()
    assert peer.wait(lambda message: message.status >= 200).status == 403
    peer.close()


@pytest.mark.parametrize(
    ("target", "contact"),
    [
        ("sip:+31715550100@evil.example;transport=tls", "<sip:api.pstnhub.microsoft.com:443>"),
        (f"sip:+31715550100@{OUR_NAME};transport=tls", "<sip:evil.example>"),
        (f"sip:+31715550100@{OUR_NAME};transport=tls", "<sip:pstnhub.microsoft.com.evil.example>"),
    ],
)
def test_address_of_teams_does_not_suffice(teams: TeamsStage, target: str, contact: str) -> None:
    peer = TeamsPeer("127.0.0.14", teams.folder)
    connection = peer.dial_in("127.0.0.1", teams.sbc.door("tls"))
    dialogue = {"From": "<sip:+31715550177@x>;tag=1", "To": "<sip:+31715550100@x>", "Call-ID": uuid.uuid4().hex}
    connection.send(request("INVITE", target, dialogue | {"Contact": contact}, body=offer()))
    assert peer.wait(lambda message: message.status >= 200).status == 403
    assert teams.sbc.switch.expect_no_call(0.1)
    peer.close()
