"""What a core has written down, read from its database without it."""

from __future__ import annotations

import json
from collections import Counter

from sqlalchemy import create_engine, text


def kinds(url: str) -> Counter[tuple[str, str]]:
    """How often each kind of fact was kept of each contact; a score of sound is a kind of its own for each party."""
    engine = create_engine(url)
    with engine.connect() as connection:
        facts = "select kind, contact_id, body from contact_event where contact_id is not null"
        rows = connection.execute(text(facts)).all()
    engine.dispose()
    return Counter((f"{row[0]} {_party(row[2])}".strip(), row[1]) for row in rows)


def _party(body: object) -> str:
    """SQLite gives the text of JSON, PostgreSQL what it says."""
    found = json.loads(body) if isinstance(body, str) else body
    return str(found.get("party", "")) if isinstance(found, dict) else ""
