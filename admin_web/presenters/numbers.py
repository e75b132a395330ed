"""Telephone numbers as people in the Netherlands read them."""

from __future__ import annotations

import re

from admin_web.presenters.texts import gettext
from cxcore.domain.contact import WRITTEN, Channel
from cxcore.domain.numbers import normalised

SHORT_AREA_CODES = frozenset(
    "010 013 014 015 020 023 024 026 030 033 035 036 038 040 043 045 046 050 053 055 058 "
    "070 071 072 073 074 075 076 077 078 079 085 088 091".split()
)
"""Area codes of three digits and the like, with seven digits after them (Nummerplan telefoon- en ISDN-diensten)."""


def readable(number: str | None) -> str | None:
    """`+31612345678` becomes `06 12 34 56 78`, `+31715550101` becomes `071 555 0101`; what is not Dutch stays.

    A range of numbers reads the same way: `+3171555012x` becomes `071 555 012x`.
    """
    if number is None:
        return None
    match = re.fullmatch(r"\+31([1-9](?=.{8}$)\d*x*)", number)
    if match is None:
        return number
    return _group("0" + match[1])


def is_phone_number(address: str | None) -> bool:
    """Whether it can be called; a mail address or the id of who hides the number cannot."""
    return normalised(address or "") is not None


def party(number: str | None, channel: Channel, name: str = "") -> str:
    """Who called or wrote, as a list says it. Who writes is called by the name that was given."""
    if channel in WRITTEN:
        return name or readable(number) or gettext("Klant")
    return readable(number) or gettext("anoniem nummer")


def _group(national: str) -> str:
    if national.startswith("06"):
        return " ".join((national[:2], *_pairs(national[2:])))
    if national[:3] in SHORT_AREA_CODES:
        return f"{national[:3]} {national[3:6]} {national[6:]}"
    return " ".join((national[:4], *_pairs(national[4:])))


def _pairs(digits: str) -> list[str]:
    return [digits[start : start + 2] for start in range(0, len(digits), 2)]
