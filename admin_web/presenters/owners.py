"""Whose a number is: an employee's, an entry's of the phone book, or what the telephone of the caller said."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from admin_web.presenters.directory import lines_of
from admin_web.web_ports import WebPorts
from cxcore.ports.contact_log import LogUnavailable

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Owner:
    """`detail` is the function and department."""

    name: str
    detail: str = ""


def owners_of(ports: WebPorts, numbers: Collection[str]) -> Mapping[str, Owner]:
    """Number → whose it is, for those that are known. The directory goes before the phone book."""
    book = ports.directory.phone_book()
    entries = {number: entry for number in numbers if (entry := book.owner_of(number)) is not None}
    found = {number: Owner(entry.name, entry.department) for number, entry in entries.items()}
    try:
        employees = ports.desk.employees.by_numbers(numbers)
    except LogUnavailable as error:
        log.warning("numbers are shown without the names of employees: %s", error)
        return found
    return {**found, **{number: Owner(each.name, lines_of(each)) for number, each in employees.items()}}
