"""`cx person find | erase NUMBER`: a person asks what recordings there are, or to have them erased (GDPR 15 and 17)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence

from cxcore.config import Settings
from cxcore.domain.numbers import normalised
from cxcore.launch.recordings import CANNOT, DONE, OPERATOR, with_upkeep
from cxcore.ports.audit import AuditResult
from cxcore.ports.recordings import StoredRecording
from cxcore.recordings.upkeep import Upkeep


def find(settings: Settings, written: str) -> int:
    """List the recordings of calls from or to a number."""
    return _of_person(settings, written, _find)


def erase(settings: Settings, written: str) -> int:
    """Delete the recordings of calls from or to a number, but those that are kept back, and report which."""
    return _of_person(settings, written, _erase)


COMMANDS: Mapping[str, Callable[[Settings, str], int]] = {"find": find, "erase": erase}


def _of_person(settings: Settings, written: str, work: Callable[[Upkeep, str], int]) -> int:
    number = normalised(written)
    if number is None:
        sys.stderr.write(f"{written[:40]!r} is no phone number: write it as +31612345678 or 0612345678\n")
        return CANNOT
    return with_upkeep(settings, lambda _, upkeep: work(upkeep, number))


def _find(upkeep: Upkeep, number: str) -> int:
    found = upkeep.index.of_number(number)
    told = f"number={number} recordings={len(found)}"
    upkeep.audit.record(OPERATOR, "find-person", told, AuditResult.DONE, "", upkeep.clock.now())
    sys.stdout.write(f"{len(found)} recordings of calls from or to {number}\n")
    _list(found)
    return DONE


def _erase(upkeep: Upkeep, number: str) -> int:
    found = upkeep.index.of_number(number)
    held = [each for each in found if each.held_by is not None]
    erased = [each for each in found if each.held_by is None]
    for each in erased:
        upkeep.delete(each, OPERATOR, "asked-by-person")
    told = f"recordings={len(erased)} held={len(held)}"
    upkeep.audit.record(OPERATOR, "erase-person", told, AuditResult.DONE, "", upkeep.clock.now())
    sys.stdout.write(f"{len(erased)} recordings of calls from or to {number} erased; the audit holds each of them\n")
    _list(erased)
    if held:
        sys.stdout.write(f"{len(held)} are kept back and were NOT erased:\n")
        _list(held)
    return DONE


def _list(recordings: Sequence[StoredRecording]) -> None:
    for each in recordings:
        began, until = each.started_at.isoformat(timespec="seconds"), each.keep_until.date().isoformat()
        why = f"  kept back by {each.held_by}: {each.hold_reason}" if each.held_by is not None else ""
        sys.stdout.write(f"  {began}  {each.duration_seconds:.0f} s  {each.recording_id}  until {until}{why}\n")
