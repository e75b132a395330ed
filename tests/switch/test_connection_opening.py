"""A session begins within its time, or fails with one clear message. Each fault in plain greenswitch first."""

from __future__ import annotations

import gevent
import pytest
from greenswitch.esl import InboundESL

from cxcore.switch.connection import AddressRefused, Connection, PasswordRefused, SwitchUnreachable
from tests.switch.peer import AUTH_REQUEST, PASSWORD, Line, clear_away, peer, plain_greenswitch, reply

REJECTION = b"Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n"


def says_nothing(line: Line) -> None:
    line.stay()


def refuses_the_password(line: Line) -> None:
    line.send(AUTH_REQUEST)
    line.read_command()
    line.send(reply("-ERR invalid"))
    line.send(b"Content-Type: text/disconnect-notice\nContent-Length: 5\n\nBye!\n")


def lets_in(line: Line) -> None:
    line.let_in().stay()


def test_greenswitch_waits_for_ever_for_a_server_that_says_nothing() -> None:
    with peer(says_nothing) as server:
        client = InboundESL("127.0.0.1", server.server_port, PASSWORD, timeout=0.1)
        connecting = gevent.spawn(client.connect)
        connecting.join(timeout=0.5)
        assert not connecting.ready()
        connecting.kill()
        clear_away(client)


def test_a_server_that_says_nothing_is_given_up_after_the_time_out() -> None:
    with peer(says_nothing) as server:
        connection = Connection("127.0.0.1", server.server_port, PASSWORD, timeout=0.2)
        with pytest.raises(SwitchUnreachable, match=r"said nothing for 0\.2 s: is this its Event Socket"):
            connection.connect()
        assert not connection.connected


def test_greenswitch_knows_ipv4_only() -> None:
    with peer(lets_in, "::1") as server:
        client = InboundESL("::1", server.server_port, PASSWORD)
        with pytest.raises(OSError):
            client.connect()
        clear_away(client)


@pytest.mark.parametrize("host", ["::1", "127.0.0.1", "localhost"])
def test_both_families_of_addresses_are_reached(host: str) -> None:
    with peer(lets_in, "127.0.0.1" if host == "localhost" else host) as server:
        connection = Connection(host, server.server_port, PASSWORD)
        connection.connect()
        assert connection.connected
        connection.stop(0.1)


def test_a_wrong_password_is_one_message_with_address_and_setting() -> None:
    with peer(refuses_the_password) as server:
        connection = Connection("127.0.0.1", server.server_port, "wrong")
        with pytest.raises(PasswordRefused) as refusal:
            connection.connect()
    assert f"127.0.0.1:{server.server_port} refused the password: " in str(refusal.value)
    assert "`switch.password_file`" in str(refusal.value)
    assert "wrong" not in str(refusal.value)


def test_a_machine_outside_the_access_list_is_one_message_with_the_remedy() -> None:
    def script(line: Line) -> None:
        line.send(REJECTION)

    with peer(script) as server:
        connection = Connection("127.0.0.1", server.server_port, PASSWORD)
        with pytest.raises(AddressRefused, match="apply-inbound-acl"):
            connection.connect()
        assert not connection.connected


def test_a_port_where_nobody_listens_is_one_message() -> None:
    with peer(lets_in) as server:
        port = server.server_port
    with pytest.raises(SwitchUnreachable, match=rf"127\.0\.0\.1:{port} cannot be reached: connection refused"):
        Connection("127.0.0.1", port, PASSWORD).connect()


def test_a_name_that_is_no_host_is_one_message() -> None:
    with pytest.raises(SwitchUnreachable, match=r"no-such-host\.invalid:8021 cannot be reached"):
        Connection("no-such-host.invalid", 8021, PASSWORD).connect()


def test_a_server_that_closes_at_once_is_one_message() -> None:
    with peer(lambda line: None) as server:
        with pytest.raises(SwitchUnreachable, match="closed the connection"):
            Connection("127.0.0.1", server.server_port, PASSWORD).connect()


def test_greenswitch_and_the_connection_share_the_way_in() -> None:
    with peer(lets_in) as server, plain_greenswitch(server) as client:
        assert client.connected
