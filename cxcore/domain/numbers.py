"""Phone numbers as the core compares them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from cxcore.domain.records import dataclass

EMERGENCY_NUMBER = "112"
EMERGENCY_NUMBERS = frozenset({"112", "+31112", "+112", "113", "+31113", "144", "+31144"})
"""Never a number of ours nor an agent's device. 112: Directive (EU) 2018/1972, article 109. 113 (prevention of suicide)
and 144 (animals in need) are public numbers of the Dutch numbering plan."""

USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[0-9A-Za-z]{1,128}")
"""How WhatsApp names who hides the phone number behind a username: `NL.13491208655302741918`. It is sent back as it
came, since nobody says that case does not count (developers.facebook.com, business-scoped-user-ids)."""
_COUNTRY = "+31"
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
"""ITU-T E.164: at most 15 digits after the plus sign."""
_SHORT = re.compile(r"[1-9][0-9]{1,5}")
_SERVICE = re.compile(r"0(?:800|900|906|909)[0-9]{4}(?:[0-9]{3})?")
"""Numbers of the Dutch plan that begin with 0 and are dialled as they are: there is no +31 before them."""
_SHORT_OF_THE_COUNTRY = re.compile(r"1(?:12|13|44|16[0-9]{3}|4[0-9]{2,4}|8[0-9]{2})")
"""112, 113, 144, 116xxx, 14xx to 14xxxx (14071, 140343) and 18xx: dialled as they are, from abroad after +31."""
_SHORT_DIALLED_FROM_ABROAD = re.compile(r"\+31(140[0-9]{2,3})")
"""14 and the area code of a municipality: 14071, 140343."""
_SHORT_116 = re.compile(r"116[0-9]{3}")
_FILLING = re.compile(r"[\s().\-/]")


class NumberKind(StrEnum):
    """What a number is for, which says what it may cost and how a trunk wants it."""

    EMERGENCY = "emergency"
    """112, which nothing may block, queue or rewrite."""
    SHORT = "short"
    """A short number of the country: 14071, 116117, 113, 1850."""
    FREE = "free"
    PREMIUM = "premium"
    """0900, 0906 and 0909."""
    MOBILE = "mobile"
    MACHINE = "machine"
    """097, between machines."""
    GEOGRAPHIC = "geographic"
    BUSINESS = "business"
    """088 and 085, of an organisation anywhere in the country."""
    OTHER_NATIONAL = "other-national"
    INTERNATIONAL = "international"
    INTERNAL = "internal"
    """A number of 2 to 6 digits that is none of the country's: it never leaves the house."""


_KINDS: Sequence[tuple[NumberKind, re.Pattern[str]]] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (NumberKind.EMERGENCY, r"112"),
        (NumberKind.SHORT, _SHORT_OF_THE_COUNTRY.pattern),
        (NumberKind.FREE, r"0800[0-9]+"),
        (NumberKind.PREMIUM, r"09[0-9]+"),
        (NumberKind.MACHINE, r"\+3197[0-9]+"),
        (NumberKind.MOBILE, r"\+316[1-9][0-9]{7}"),
        (NumberKind.BUSINESS, r"\+318[58][0-9]{7}"),
        (NumberKind.GEOGRAPHIC, r"\+31[1-57][0-9]{8}"),
        (NumberKind.OTHER_NATIONAL, r"\+31[0-9]+"),
        (NumberKind.INTERNATIONAL, _E164.pattern),
        (NumberKind.INTERNAL, _SHORT.pattern),
    )
)
"""The Dutch numbering plan (BWBR0010198), the narrower before the wider."""
SHOWN_KINDS = frozenset({NumberKind.GEOGRAPHIC, NumberKind.BUSINESS, NumberKind.MOBILE})
"""What a called party may see of us: a number that can be called back from everywhere."""


def is_number(written: str) -> bool:
    """Whether it is a phone number as the core compares them: E.164, a short one of 2 to 6 digits, or 0800/0900."""
    return any(form.fullmatch(written) for form in (_E164, _SHORT, _SERVICE))


def person_key(written: str) -> str | None:
    """By what a person is found: a phone number, a mail address in small letters, or a user id as it is; else None."""
    if USER_ID.fullmatch(written.strip()):
        return written.strip()
    address = written.strip().casefold()
    is_mail = "@" in address[1:-1] and " " not in address
    return address if is_mail else normalised(written)


def normalised(written: str) -> str | None:
    """The number that was probably meant, in the form the core compares; None when it is no number.

    E.164 with its plus sign wherever the number has such a form; 112, 14071, 116117, 0800… and their like as they are.
    """
    digits = _FILLING.sub("", written.replace("(0)", ""))
    if not _SERVICE.fullmatch(digits):
        digits = _as_dialled_at_home(_international(digits))
    return digits if is_number(digits) else None


def _international(digits: str) -> str:
    if digits.startswith("00"):
        return "+" + digits[2:]
    if digits.startswith("0"):
        return _COUNTRY + digits[1:]
    if digits.startswith(_COUNTRY[1:]) and len(digits) > len("112233"):
        return "+" + digits
    return digits


def _as_dialled_at_home(number: str) -> str:
    """08001351 of +318001351: a number that has no international form, as it is written here."""
    at_home = number.removeprefix(_COUNTRY)
    if at_home != number and _SERVICE.fullmatch(f"0{at_home}"):
        return f"0{at_home}"
    return at_home if at_home == EMERGENCY_NUMBER or _SHORT_116.fullmatch(at_home) else number


def kind_of(number: str) -> NumberKind | None:
    """What a normalised number is for; None when it is no number."""
    if not is_number(number):
        return None
    return next(kind for kind, form in _KINDS if form.fullmatch(number))


def is_emergency(written: str) -> bool:
    """Whether somebody wants 112, however that is written."""
    return normalised(written) == EMERGENCY_NUMBER


def may_be_shown(number: str) -> bool:
    """Whether a called party may see this number as ours: no short code, premium, foreign or internal number."""
    return kind_of(number) in SHOWN_KINDS


def short_form(number: str) -> str:
    """The municipal number as people dial it, 14071 for +3114071; any other number as it is."""
    found = _SHORT_DIALLED_FROM_ABROAD.fullmatch(number)
    return found[1] if found else number


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Numbers of the same length, from the first up to and including the last, that lead to a flow."""

    first: str
    last: str
    flow: str
    written: str = ""
    """As it stands in the file."""

    def holds(self, number: str) -> bool:
        """Whether the number is one of them."""
        return len(number) == len(self.first) and self.first <= number <= self.last

    def overlaps(self, other: NumberRange) -> bool:
        """Whether a number is in both."""
        return len(self.first) == len(other.first) and self.first <= other.last and other.first <= self.last
