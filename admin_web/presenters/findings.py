"""What the check of a configuration finds, in Dutch. On English pages it stands as the check says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import get_locale

from admin_web.presenters.finding_texts import problem_in_dutch, remedy_in_dutch
from cxcore.ports.site_texts import Remark


def problem_words(remark: Remark) -> str:
    """What is wrong."""
    return _shown(remark.problem, problem_in_dutch(remark.problem))


def remedy_words(remark: Remark) -> str:
    """What to write instead."""
    return _shown(remark.remedy, remedy_in_dutch(remark.remedy))


def sentence(words: str) -> str:
    """With a capital and a full stop."""
    return words[:1].upper() + words[1:] + ("" if words.endswith(".") else ".")


def is_translated(remark: Remark) -> bool:
    """Whether a page shows all of it in its own language; what is not is marked as English."""
    both = (problem_in_dutch(remark.problem), remedy_in_dutch(remark.remedy))
    return not _is_dutch() or None not in both


def _is_dutch() -> bool:
    return str(get_locale() or "nl") == "nl"


def _shown(text: str, dutch: str | None) -> str:
    return dutch if dutch is not None and _is_dutch() else text


FILTERS: Mapping[str, Callable[..., object]] = {
    "problem": problem_words,
    "remedy": remedy_words,
    "sentence": sentence,
    "told": is_translated,
}
"""For templates."""
