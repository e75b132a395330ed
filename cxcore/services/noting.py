"""What a contact was about: topics and a note, kept with the contact as facts [41]."""

from __future__ import annotations

from datetime import datetime

from cxcore.domain.commands import NoteContact
from cxcore.domain.errors import NotAllowed
from cxcore.domain.events import ContactNoted
from cxcore.services.workplace import Workplace

LONGEST_NOTE = 2000
MOST_TOPICS = 20


def note_contact(work: Workplace, command: NoteContact, now: datetime) -> None:
    """Keep topics and note of a contact of the agent: the present one, in wrap-up or not, or the one before."""
    agent = work.floor.agent(command.agent_id)
    if command.contact_id not in (agent.contact_id, agent.direct_contact_id, agent.last_contact_id):
        raise NotAllowed("not-your-contact", "the agent has or had another contact")
    known = {topic.name for topic in work.floor.site.topics}  # a contact keeps a topic that was retired meanwhile
    strange = [topic for topic in command.topics if topic not in known]
    if strange or len(command.topics) > MOST_TOPICS:
        raise NotAllowed("no-such-topic", f"not among the topics of this site: {', '.join(strange)[:80]}")
    if len(command.note) > LONGEST_NOTE:
        raise NotAllowed("note-too-long", f"a note has {LONGEST_NOTE} characters at most")
    topics = tuple(dict.fromkeys(command.topics))
    work.publish(ContactNoted(now, command.contact_id, agent.agent_id, topics, command.note.strip()))
