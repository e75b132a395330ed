"""Requirement 27: a supervisor has all functions of an agent."""

from __future__ import annotations

from dataclasses import replace

from admin_web.auth.permissions import PERMISSIONS, allows
from cxcore.domain.agent import AgentId
from cxcore.ports.accounts import Role
from tests.cast import SOFIE


def test_supervisor_may_all_that_an_agent_and_a_coach_may() -> None:
    assert PERMISSIONS[Role.AGENT] | PERMISSIONS[Role.COACH] <= PERMISSIONS[Role.SUPERVISOR]


def test_supervisor_with_a_device_has_a_desk() -> None:
    with_a_device = replace(SOFIE, agent_id=AgentId("sofie"))
    assert all(allows(with_a_device, permission) for permission in PERMISSIONS[Role.AGENT])
