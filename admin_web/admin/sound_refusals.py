"""Why a sound was not taken, in the words of whoever made it: what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from admin_web.presenters.texts import gettext
from admin_web.problems import problem
from cxcore.ports.messages import SoundRefused

NO_SOUND = lazy_gettext("Dit is geen geluidsbestand. Kies een wav-, mp3-, m4a-, ogg- of flac-bestand.")
REASONS: Mapping[str, LazyString] = {
    "too-big": lazy_gettext("Dit bestand is te groot. Kort het in, of bewaar het als mp3."),
    "too-long": lazy_gettext("Dit duurt te lang voor een meldtekst. Kort het in."),
    "empty": lazy_gettext("In dit bestand staat geen geluid. Kies een ander bestand of neem opnieuw op."),
    "silent": lazy_gettext("Er is niets te horen. Controleer de microfoon en neem opnieuw op."),
    "no-sound": NO_SOUND,
    "video": lazy_gettext("Dit is een video. Bewaar alleen het geluid, bijvoorbeeld als mp3, en probeer het opnieuw."),
    "broken": lazy_gettext("Dit bestand is beschadigd of onvolledig. Bewaar het opnieuw en probeer het nog eens."),
    "too-slow": lazy_gettext("Het omzetten duurde te lang. Bewaar het bestand als wav of mp3 en probeer het opnieuw."),
    "no-text": lazy_gettext("Typ eerst de tekst die moet worden uitgesproken."),
    "text-too-long": lazy_gettext("Deze tekst is te lang om uit te spreken. Maak hem korter dan 2000 tekens."),
}
OURS: Mapping[str, LazyString] = {
    "disk-full": lazy_gettext("De schijf is vol; er is niets bewaard. Vraag de technisch beheerder om ruimte."),
    "cannot-write": lazy_gettext("Het bestand kan niet worden bewaard. Waarschuw de technisch beheerder."),
    "no-voice": lazy_gettext("De spraakstem antwoordt niet. Spreek de tekst in, of waarschuw de technisch beheerder."),
    "no-converter": lazy_gettext("Het omzetten werkt niet op deze server. Waarschuw de technisch beheerder."),
}


def _detail(refused: SoundRefused) -> str:
    """What is wrong; with the limit, where there is one."""
    if refused.limit is not None and refused.code == "too-big":
        return gettext(
            "Dit bestand is groter dan %(megabytes)s MB, het meeste dat past. Kort het in, of bewaar het als mp3.",
            megabytes=refused.limit // 1_000_000,
        )
    if refused.limit is not None and refused.code == "too-long":
        length = f"{refused.limit // 60}:{refused.limit % 60:02}"
        words = "Dit duurt langer dan %(length)s minuten, te lang voor een meldtekst. Kort het in."
        return gettext(words, length=length)
    return str(OURS.get(refused.code) or REASONS.get(refused.code, NO_SOUND))


def refuse_sound(refused: SoundRefused) -> ResponseReturnValue:
    """400 for what was sent, 503 for what is wrong on our side. Nothing has changed for callers."""
    ours = OURS.get(refused.code)
    nothing_changed = gettext("Er is niets gewijzigd: bellers horen wat zij hoorden.")
    return problem(503 if ours else 400, refused.code, gettext("Niet bewaard"), f"{_detail(refused)} {nothing_changed}")
