"""The channels of contacts in words; their shapes are `channel-…` in icons.html."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from cxcore.domain.contact import Channel

CALL_BACK = "call-back"
"""No channel of its own: a caller who is to be called back."""
WORDS: Mapping[str, LazyString] = {
    Channel.TELEPHONY.value: lazy_gettext("telefoon"),
    Channel.VOICEMAIL.value: lazy_gettext("ingesproken bericht"),
    Channel.E_MAIL.value: lazy_gettext("e-mail"),
    Channel.WEB_CHAT.value: lazy_gettext("chat"),
    Channel.WHATSAPP.value: lazy_gettext("WhatsApp"),
    CALL_BACK: lazy_gettext("terugbelverzoek"),
}


def channel_words(channel: Channel) -> str:
    """By which channel a contact came."""
    return str(WORDS[channel.value])


def script_texts_of_channels() -> dict[str, str]:
    """For pages that draw contacts themselves."""
    return {f"channel-{channel}": str(words) for channel, words in WORDS.items()}
