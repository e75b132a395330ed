"""Blocks of ports for tests that run side by side."""

from __future__ import annotations

from tests.ports import BLOCKS, PortBlock


def test_given_many_blocks_then_none_shares_a_port_with_another() -> None:
    blocks = [PortBlock(300) for _ in range(20)]
    ports = [port for block in blocks for port in range(block.first, block.last + 1)]
    assert len(set(ports)) == len(ports)
    assert all(port in BLOCKS for port in ports)


def test_given_a_block_that_nobody_holds_any_more_then_its_ports_are_given_again() -> None:
    for _ in range(200):
        assert PortBlock(1000).count == 1000
