"""The file on disk becomes a version of the configuration whenever an engineer changed it (ADR 0005)."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cxcore.ports.configurations import Configurations, Draft, Version
from cxcore.ports.site_texts import SiteTexts

log = logging.getLogger(__name__)

_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Configured:
    """The text that counts from the start on, and what it is called in messages."""

    number: int
    text: str
    name: Path


def configured_text(path: Path, configurations: Configurations, texts: SiteTexts, now: datetime) -> Configured:
    """The active version, after the file was imported if it is another than the one imported last.

    What administrators changed since then is kept; where both changed the same, nothing is imported and the log says
    so, because a start must neither fail nor lose anything. Raises `OSError`, `LogUnavailable`.
    """
    content = path.read_bytes()
    written, digest = (
        content.decode(errors="replace").removeprefix(_BYTE_ORDER_MARK),
        hashlib.sha256(content).hexdigest(),
    )
    active, imported = configurations.active(), configurations.last_import()
    if active is None or imported is None:
        return _imported(path, configurations, written, digest, now)
    if imported.file_digest == digest:
        return Configured(active.number, configurations.text(active.number), _name(path, active))
    if imported.number == active.number:
        return _imported(path, configurations, written, digest, now)
    return _merged(path, configurations, texts, _Change(active, imported, written, digest), now)


@dataclass(frozen=True, slots=True)
class _Change:
    active: Version
    imported: Version
    written: str
    digest: str


def _merged(path: Path, configurations: Configurations, texts: SiteTexts, change: _Change, now: datetime) -> Configured:
    present = configurations.text(change.active.number)
    merge = texts.merged(configurations.text(change.imported.number), present, change.written)
    spots = [each.where for each in merge.conflicts]
    spots += [remark.where for remark in texts.remarks(merge.text) if remark.is_error]
    if spots:
        log.error(
            "%s was changed, and was not imported: administrators changed the same since the last import (%s). Export "
            "the active version from the page Versies, make the change in it, and put it in the place of the file",
            path,
            ", ".join(" ".join(where) for where in spots[:10]),
        )
        return Configured(change.active.number, present, _name(path, change.active))
    return _imported(path, configurations, merge.text, change.digest, now)


def _imported(path: Path, configurations: Configurations, text: str, digest: str, now: datetime) -> Configured:
    head = configurations.head()
    base = head.number if head is not None else None
    version = configurations.add(Draft(now, "", "", text, base, now, digest), base)
    configurations.note_activated(version.number, now)
    return Configured(version.number, text, path)


def _name(path: Path, version: Version) -> Path:
    return path.with_name(f"{path.name} (version {version.number})")
