"""What the check of a configuration finds, in Dutch. On English pages it stands as the check says it."""

from __future__ import annotations

from flask_babel import get_locale

from admin_web.presenters.finding_texts import in_dutch
from cxcore.ports.site_texts import Remark


def problem_words(remark: Remark) -> str:
    """What is wrong."""
    return _words(remark.problem)


def remedy_words(remark: Remark) -> str:
    """What to write instead."""
    return _words(remark.remedy)


def is_translated(text: str) -> bool:
    """Whether a page shows the text in its own language; what is not is marked as English."""
    return str(get_locale() or "nl") != "nl" or in_dutch(text) is not None


def _words(text: str) -> str:
    return text if str(get_locale() or "nl") != "nl" else in_dutch(text) or text
