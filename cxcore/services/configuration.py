"""Another version of the configuration is put into use, without a restart and without touching a caller [88, 106]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePath

from cxcore.domain.agent import AgentStatus
from cxcore.domain.commands import Command, LogOff
from cxcore.domain.events import AgentServes, ConfigurationActivated
from cxcore.domain.reconfiguration import let_go, put_into_use, vanished_agents
from cxcore.domain.site import Site
from cxcore.domain.tidings import HoursChanged
from cxcore.services import agents, hours, offering
from cxcore.services.workplace import Workplace


@dataclass(frozen=True, slots=True)
class UseSite(Command):
    """Work by this site. The core makes it when it has read a version; it never comes over the link."""

    number: int
    site: Site
    prompts: Mapping[str, PurePath] = field(default_factory=dict)


def use_site(work: Workplace, command: UseSite, now: datetime) -> None:
    """Callers in flows, in line and in conversation go on; agents, memberships, queues and hours count at once."""
    work.prompts = {**command.prompts, **work.prompts}
    queues_before = set(work.floor.site.queues)
    touched = put_into_use(work.floor, command.site, command.number, now)
    _log_off_vanished(work, command.by, now)
    for agent in touched:
        work.publish(AgentServes(now, agent.agent_id, tuple(sorted(agent.serves)), command.by))
    _keep_wait_menus_whole(work)
    for queue_id in queues_before:
        work.timers.cancel(HoursChanged, queue_id)
    hours.watch_timetables(work, now)
    work.publish(ConfigurationActivated(now, command.number, command.by))
    let_go(work.floor)
    offering.offer_all(work, now)


def give_up_remains(work: Workplace) -> None:
    """Let go of what vanished from the configuration once the last caller who stood on it has left."""
    let_go(work.floor)


def _log_off_vanished(work: Workplace, by: str, now: datetime) -> None:
    """An agent who is no user any more finishes the running contact, and gets no other."""
    for agent in vanished_agents(work.floor):
        if agent.status is not AgentStatus.LOGGED_OFF:
            agents.log_off(work, LogOff(by, agent.agent_id), now)


def _keep_wait_menus_whole(work: Workplace) -> None:
    """A menu that a waiting caller is hearing leads only to flows that are there."""
    flows = work.floor.site.dialplan.flows
    for contact in work.floor.contacts.values():
        if contact.wait_menu is not None:
            choices = {key: flow for key, flow in contact.wait_menu.choices.items() if flow in flows}
            contact.wait_menu = replace(contact.wait_menu, choices=choices)
