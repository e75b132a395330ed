"""The floor is found again: after a start, after a lost connection, and by a check at intervals.

State that matters stands on the legs as marks, and in the facts; each healing is told with its cause [104]. A report is
worked off in this order: `services.healing` compares what lives on both sides, `services.losses` ends what died, and
`services.taking_up` and `services.taking_up_devices` find what no core has yet. `services.remembering` reads the log.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cxcore.domain.contact import Outcome
from cxcore.domain.events import (
    ContactEnded,
    ContactLeftQueue,
    CoreStarted,
    LeaseHealed,
    OfferEnded,
    SwitchStateChanged,
)
from cxcore.domain.leg import HangUpCause, HungUpBy
from cxcore.domain.measures import VisitEnd
from cxcore.domain.offer import OfferEnd
from cxcore.domain.tidings import LeaseCheckDue, LiveLegsReported, SwitchConnected, SwitchLost
from cxcore.ports.contact_log import ContactLog, OpenContact
from cxcore.services import (
    alarms,
    callbacks,
    chats,
    consultation_recovery,
    emergency,
    healing,
    losses,
    messages,
    offering,
    remembering,
    taking_up,
    taking_up_devices,
    voicemail,
)
from cxcore.services.healing import Living
from cxcore.services.workplace import Memory, Workplace

CHECK_SECONDS = 10
"""How often the floor is compared with the switch."""

LONGEST_OUTAGE = timedelta(hours=12)
"""A leg that outlived its contact is known for so long after the contact's end."""


def remember(work: Workplace, log: ContactLog, now: datetime) -> None:
    """Take up what the log knows: what supervisors changed, the agents, who spoke whom, what was left open, the
    call-backs that are owed, the messages that wait, and the visits that still count for the day. Waits for the
    database; raises `LogUnavailable`."""
    steering = log.steering()
    remembering.restore_steering(work, steering)
    messages.restore(work, steering.messages)
    emergency.restore(work, steering.emergencies, now)
    alarms.restore(work, steering.alarms)
    remembering.restore_agents(work, log.known_agents(), now)
    left_open = {contact.contact_id: contact for contact in log.open_contacts()}
    offers = {offer.offer_id: offer for offer in log.known_offers()}
    work.memory = Memory(left_open, log.ended_contacts(now - LONGEST_OUTAGE), offers, log.begun_messages())
    work.floor.day.visits = {contact_id: dict(contact.visits) for contact_id, contact in left_open.items()}
    remembering.restore_talks(work, log, now)
    callbacks.restore(work, log.owed_call_backs(), now)
    voicemail.restore(work, log.left_messages(), now)
    chats.restore(work, log.open_chats(), now)


def switch_lost(work: Workplace, tiding: SwitchLost) -> None:
    """Without a switch nothing is offered; legs may live on."""
    work.floor.switch_connected = False
    work.publish(SwitchStateChanged(tiding.at, connected=False, reason=tiding.reason))


def switch_connected(work: Workplace, tiding: SwitchConnected) -> None:
    """The switch is there; which legs live is told next."""
    work.floor.switch_restarted = work.floor.switch_instance not in (None, tiding.instance)
    work.floor.switch_instance = tiding.instance
    healing.doubt_everything(work)
    reason = "the switch was restarted" if work.floor.switch_restarted else ""
    work.publish(SwitchStateChanged(tiding.at, connected=True, reason=reason))


def check_leases(work: Workplace, tiding: LeaseCheckDue) -> None:
    """Ask the switch what lives; the answer is compared with the floor."""
    work.floor.forget_talks(tiding.at)
    if work.floor.switch_connected:
        work.switch.report_live_legs()
    work.timers.set(LeaseCheckDue(tiding.at + timedelta(seconds=CHECK_SECONDS)))


def live_legs_reported(work: Workplace, report: LiveLegsReported) -> None:
    """Compare the floor with the legs that live, and heal what differs; then offer what can be offered. Before a report
    has been worked off to its end nothing is offered: the agent may turn out to be at work."""
    living = {leg.leg_id: leg for leg in report.legs}
    work.floor.departed &= living.keys()
    healing.heal(work, living, report.at)
    losses.end_what_died(work, living, report.at)
    work.floor.switch_restarted = False
    taking_up.take_up_callers(work, living, report.at)
    taking_up.take_up_calls_out(work, living, report.at)
    taking_up_devices.take_up_devices(work, living, report.at)
    if work.memory is not None:
        consultation_recovery.settle(work, living, report.at)
    taking_up.take_up_arrivals(work, living, report.at)
    if work.memory is not None:
        healing.heal(work, living, report.at)
    losses.return_the_stranded(work, report.at)
    if work.memory is not None:
        _take_the_floor(work, work.memory, living, report.at)
    parties = {leg_id for contact in work.floor.contacts.values() for leg_id in contact.party_legs}
    work.floor.doubted &= {*work.floor.contacts, *living, *parties}
    work.floor.without_music &= work.floor.contacts.keys()
    work.floor.switch_connected = True
    offering.offer_all(work, report.at)


def _take_the_floor(work: Workplace, memory: Memory, living: Living, now: datetime) -> None:
    """A core that starts closes the facts of what died in its absence."""
    work.memory = None
    for offer in [each for each in memory.known_offers.values() if not each.ended]:
        work.publish(LeaseHealed(now, "offer", offer.offer_id, "its device is gone from the switch", offer.contact_id))
        ids = (offer.offer_id, offer.contact_id, offer.agent_id, offer.queue_id)
        work.publish(OfferEnded(now, *ids, OfferEnd.WITHDRAWN, "core-restarted"))
    spoke = voicemail.recover(work, memory.begun_messages, now)
    found = {leg.marks.get("contact") for leg in living.values() if leg.inbound and "role" not in leg.marks}
    for contact in memory.left_open.values():
        known = contact.contact_id in work.floor.contacts or contact.contact_id in work.floor.day.apart
        if contact.contact_id not in found and not known:
            work.publish(
                LeaseHealed(
                    now, "contact", contact.contact_id, "ended while no core was running", contact.contact_id
                )
            )
            _close(work, contact, Outcome.LEFT_MESSAGE if contact.contact_id in spoke else Outcome.LOST, now)
    work.publish(CoreStarted(now, len(work.floor.contacts)))


def _close(work: Workplace, contact: OpenContact, outcome: Outcome, now: datetime) -> None:
    for queue_id, visit in contact.visits.items():
        if visit.waiting_since is not None:
            waited = max((now - visit.waiting_since).total_seconds(), 0.0)
            work.publish(ContactLeftQueue(now, contact.contact_id, queue_id, outcome, waited))
        elif visit.outcome == VisitEnd.ANSWERED and queue_id == contact.queue_id:
            outcome = Outcome.ANSWERED
    work.publish(ContactEnded(now, contact.contact_id, outcome, HangUpCause.OTHER, HungUpBy.PARTY))
