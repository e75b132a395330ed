"""What changed in the configuration, in the words of who administers it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import format_date, lazy_gettext

from admin_web.presenters.numbers import readable
from admin_web.presenters.steps import step_words
from admin_web.presenters.texts import gettext
from cxcore.ports.site_texts import Difference, Where

DAYS: Mapping[str, Any] = {
    "monday": lazy_gettext("maandag"),
    "tuesday": lazy_gettext("dinsdag"),
    "wednesday": lazy_gettext("woensdag"),
    "thursday": lazy_gettext("donderdag"),
    "friday": lazy_gettext("vrijdag"),
    "saturday": lazy_gettext("zaterdag"),
    "sunday": lazy_gettext("zondag"),
}
FIELDS: Mapping[str, Any] = {
    "name": lazy_gettext("naam"),
    "strategy": lazy_gettext("verdeling"),
    "priority": lazy_gettext("prioriteit"),
    "ring_seconds": lazy_gettext("seconden overgaan"),
    "wrap_up_seconds": lazy_gettext("seconden nawerktijd"),
    "level_seconds": lazy_gettext("seconden per niveau"),
    "sticky_seconds": lazy_gettext("seconden vaste medewerker"),
    "ring_agents": lazy_gettext("medewerkers tegelijk"),
    "maximum_wait": lazy_gettext("langste wachttijd"),
    "maximum_waiting": lazy_gettext("meeste wachtenden"),
    "announcement": lazy_gettext("teksten bij het wachten"),
    "service_level": lazy_gettext("serviceniveau"),
    "alarms": lazy_gettext("alarm"),
    "waiting": lazy_gettext("wachtenden"),
    "longest_wait": lazy_gettext("langste wachttijd"),
    "abandoned": lazy_gettext("opgehangen"),
    "agents": lazy_gettext("beschikbare medewerkers"),
    "devices": lazy_gettext("onbereikbare toestellen"),
    "mos": lazy_gettext("geluidskwaliteit (MOS)"),
    "chats_waiting": lazy_gettext("wachtende chats"),
    "chat_wait": lazy_gettext("langste wachttijd van een chat"),
    "chat_level": lazy_gettext("serviceniveau van chats"),
    "mail": lazy_gettext("mailadressen"),
    "raise": lazy_gettext("alarm bij"),
    "clear": lazy_gettext("voorbij bij"),
    "after_seconds": lazy_gettext("na seconden"),
    "closed": lazy_gettext("route bij gesloten"),
    "chats": lazy_gettext("aanbieden van chats"),
    "when_closing": lazy_gettext("wie wacht bij sluiten"),
    "recording": lazy_gettext("opnemen"),
    "keep_recordings_days": lazy_gettext("dagen dat opnamen worden bewaard"),
    "pause_recording_seconds": lazy_gettext("seconden dat een gepauzeerde opname stil blijft"),
    "call_back": lazy_gettext("terugbellen"),
    "caller_number": lazy_gettext("getoond nummer"),
    "prompt": lazy_gettext("tekst"),
    "message": lazy_gettext("tekst"),
    "text": lazy_gettext("tekst"),
    "queue": lazy_gettext("wachtrij"),
    "hours": lazy_gettext("uren"),
    "attempts": lazy_gettext("aantal pogingen"),
    "timeout_seconds": lazy_gettext("seconden wachten op een toets"),
    "wrong_key": lazy_gettext("tekst bij een verkeerde toets"),
    "no_key": lazy_gettext("tekst als er geen toets komt"),
    "otherwise": lazy_gettext("route zonder keuze"),
    "first_seconds": lazy_gettext("seconden tot de eerste tekst"),
    "every_seconds": lazy_gettext("seconden tot de volgende tekst"),
    "repeat": lazy_gettext("herhaaltekst"),
    "times": lazy_gettext("aantal keer"),
    "position": lazy_gettext("plaats in de rij"),
    "expected_wait": lazy_gettext("verwachte wachttijd"),
    "seconds": lazy_gettext("seconden"),
    "places": lazy_gettext("plaatsen"),
    "percent": lazy_gettext("procent"),
    "callers": lazy_gettext("bellers"),
    "then": lazy_gettext("daarna"),
    "menu": lazy_gettext("keuzemenu"),
    "choices": lazy_gettext("toetsen"),
    "role": lazy_gettext("rol"),
    "device": lazy_gettext("toestel"),
    "queues": lazy_gettext("wachtrijen"),
    "number": lazy_gettext("nummer"),
    "flow": lazy_gettext("route"),
    "say": lazy_gettext("tekst"),
    "enabled": lazy_gettext("aan"),
    "from": lazy_gettext("vanaf"),
    "until": lazy_gettext("tot en met"),
    "when": lazy_gettext("alleen als open is"),
    "unless": lazy_gettext("alleen als dicht is"),
    "holidays": lazy_gettext("feestdagen"),
    "exceptions": lazy_gettext("afwijkende dagen"),
    "department": lazy_gettext("afdeling"),
    "numbers": lazy_gettext("nummers"),
    "group": lazy_gettext("groep"),
    "retired": lazy_gettext("vervallen"),
    "traffic_class": lazy_gettext("verkeersklasse"),
    "allow": lazy_gettext("mag bellen naar"),
    "deny": lazy_gettext("mag niet bellen naar"),
    "internal": lazy_gettext("intern"),
    "phone-book": lazy_gettext("telefoonboek"),
    "national": lazy_gettext("vaste nummers"),
    "mobile": lazy_gettext("mobiele nummers"),
    "free": lazy_gettext("gratis nummers"),
    "premium": lazy_gettext("betaalde nummers"),
    "international": lazy_gettext("buitenland"),
}
NAMED_LISTS: Mapping[str, Any] = {
    "topics": lazy_gettext("Onderwerp"),
    "break_reasons": lazy_gettext("Pauzereden"),
}
"""Sections that are lists of names, with what one is called."""
_MOMENT = re.compile(r"([0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))(?:[T ]([0-9]{2}:[0-9]{2}))?")
LONGEST = 90
"""Signs of a value; a longer one is told as changed."""

Content = Mapping[str, Any]


def difference_words(differences: Sequence[Difference], before: Content, after: Content) -> list[str]:
    """One sentence for each difference, in the order of the file; lists of names are told name by name."""
    told: list[str] = []
    named: set[str] = set()
    for each in (part for whole in differences for part in _parts(whole)):
        section = each.where[0] if each.where else ""
        flow = each.where[1] if section == "flows" and len(each.where) > 1 else ""
        if flow and (order := _steps_words(flow, before, after)):
            told += [order] if flow not in named else []
            named.add(flow)
        elif section not in NAMED_LISTS:
            told.append(_words(each, before, after))
        elif section not in named:
            named.add(section)
            told += _list_words(section, before.get(section) or [], after.get(section) or [])
    return told


def _steps_words(flow: str, before: Content, after: Content) -> str:
    """The steps of a flow, where other ones stand in it, or in another order; empty where only settings differ."""
    old, new = ((content.get("flows") or {}).get(flow) for content in (before, after))
    if not isinstance(old, list) or not isinstance(new, list) or not _are_others(old, new):
        return ""
    was, are = (
        " · ".join(step_words(content, step) for step in steps) or "–"
        for content, steps in ((before, old), (after, new))
    )
    return gettext("Route %(name)s: stappen %(old)s → %(new)s", name=flow, old=was, new=are)


def _are_others(old: list[Any], new: list[Any]) -> bool:
    """Whether steps came, left or changed places, beside what changed within them."""
    if [*map(_kind, old)] != [*map(_kind, new)]:
        return True
    return old != new and sorted(map(repr, old)) == sorted(map(repr, new))


def _kind(step: Any) -> str:
    return str(next(iter(step), "")) if isinstance(step, dict) else str(step)


def _parts(each: Difference) -> list[Difference]:
    """A section that came or went as a whole is told entry by entry."""
    if len(each.where) != 1 or each.where[0] not in SECTIONS:
        return [each]
    old, new = (value if isinstance(value, dict) else {} for value in (each.before, each.after))
    if old and new:
        return [each]
    return [Difference((*each.where, key), old.get(key), new.get(key)) for key in [*old, *new]]


def _list_words(section: str, before: Sequence[Any], after: Sequence[Any]) -> list[str]:
    """What came, what went, and what is said otherwise of those that stay; else it is their order that changed."""
    what, old, new = str(NAMED_LISTS[section]), _by_name(before), _by_name(after)
    came = [gettext("%(what)s toegevoegd", what=_named(what, name)) for name in new if name not in old]
    went = [gettext("%(what)s verwijderd", what=_named(what, name)) for name in old if name not in new]
    changed = [
        f"{what} {name}: {field_name(key)} {shown(old[name].get(key))} → {shown(new[name].get(key))}"
        for name in new
        for key in ("group", "retired")
        if name in old and old[name].get(key) != new[name].get(key)
    ]
    return [*came, *went, *changed] or [gettext("%(what)s: volgorde gewijzigd", what=what)]


def _named(what: str, name: str) -> str:
    return f"{what} {name}"


def _by_name(items: Sequence[Any]) -> dict[str, Mapping[str, Any]]:
    return {str(each["name"]) if isinstance(each, dict) else str(each): _said(each) for each in items}


def _said(item: Any) -> Mapping[str, Any]:
    return item if isinstance(item, dict) else {}


def field_name(key: str) -> str:
    """What a setting is called; its own name where none was thought of."""
    return str(FIELDS.get(key, DAYS.get(key, key)))


def _words(each: Difference, before: Content, after: Content) -> str:
    tell = SECTIONS.get(each.where[0]) if len(each.where) > 1 else None
    if tell is not None:
        return tell(each, before, after)
    return _changed(" ".join(field_name(step) for step in each.where), each)


def _queue(each: Difference, before: Content, after: Content) -> str:
    queue = name_of(after, before, "queues", each.where[1])
    if len(each.where) == 2:
        return _came_or_went(each, gettext("Wachtrij %(name)s", name=queue))
    if each.where[2] == "hours":
        return _hours(each, gettext("Openingstijden van %(name)s", name=queue), each.where[3:])
    return _changed(gettext("Wachtrij %(name)s", name=queue) + ": " + _way(each.where[2:]), each)


def _timetable(each: Difference, before: Content, after: Content) -> str:
    return _hours(each, gettext("Openingstijden van %(name)s", name=each.where[1]), each.where[2:])


def _hours(each: Difference, what: str, rest: Where) -> str:
    if not rest:
        return _came_or_went(each, what)
    if len(rest) == 1 and rest[0] in DAYS:
        old, new = (value if value is not None else gettext("gesloten") for value in (each.before, each.after))
        return f"{what}: {DAYS[rest[0]]} {old} → {new}"
    if rest[0] == "holidays":
        return f"{what}: {field_name('holidays')} {_items(each)}"
    if rest[0] == "exceptions" and len(rest) <= 2:
        return f"{what}: {field_name('exceptions')} {_odd_days(each, rest[1:])}"
    return _changed(f"{what}: {_way(rest)}", each)


def _items(each: Difference) -> str:
    """What came to a list and what left it."""
    old, new = (value if isinstance(value, list) else [value] for value in (each.before, each.after))
    came = [f"+ {shown(value)}" for value in new if value is not None and value not in old]
    went = [f"− {shown(value)}" for value in old if value is not None and value not in new]
    return ", ".join([*came, *went])


def _odd_days(each: Difference, day: Where) -> str:
    """Days with hours of their own that came, changed or left."""
    old, new = ({day[0]: value} if day else value or {} for value in (each.before, each.after))
    signs = {at: "−" if new.get(at) is None else "+" for at in {**old, **new} if old.get(at) != new.get(at)}
    told = [f"{sign} {_day(at)} {_odd_hours(old[at] if sign == '−' else new[at])}" for at, sign in signs.items()]
    return ", ".join(told)


def _odd_hours(value: Any) -> str:
    """`08:30-12:00 (Kerstavond)`."""
    name, hours = (value.get("name"), value.get("hours")) if isinstance(value, dict) else (None, value)
    words = gettext("gesloten") if hours in (None, "closed") else shown(hours)
    text = value.get("say") if isinstance(value, dict) else None
    told = [*([name] if name else ()), *([gettext("tekst %(name)s", name=text)] if text else ())]
    return f"{words} ({', '.join(told)})" if told else words


def _flow(each: Difference, before: Content, after: Content) -> str:
    flow, rest = each.where[1], each.where[2:]
    if not rest:
        return _came_or_went(each, gettext("Route %(name)s", name=flow))
    if "choices" in rest:
        key = rest[rest.index("choices") + 1 :]
        if not key:
            return gettext("Keuzemenu %(name)s: volgorde van de toetsen gewijzigd", name=flow)
        what = gettext("Keuzemenu %(name)s: toets %(key)s", name=flow, key=key[0])
        if len(key) > 1 or (each.before is not None and each.after is not None):
            return _offered(each, what, key[1:], "flow")
        return _choice(each, what, key[1:])
    if "menu" in rest:
        return _changed(gettext("Keuzemenu %(name)s", name=flow) + ": " + _way(rest[rest.index("menu") + 1 :]), each)
    if rest[1:2] == ("say",) and None not in ((each.before, each.after) if len(rest) == 2 else ()):
        return _offered(each, gettext("Route %(name)s: melding", name=flow), rest[2:], "prompt")
    step = gettext("stap %(number)s", number=int(rest[0]) + 1) if rest[0].isdecimal() else rest[0]
    return _changed(gettext("Route %(name)s", name=flow) + f": {step} {_way(rest[1:])}".rstrip(), each)


def _choice(each: Difference, what: str, rest: Where) -> str:
    if each.before is None:
        return gettext("%(what)s toegevoegd: %(value)s", what=what, value=shown(each.after))
    if each.after is None:
        return gettext("%(what)s verwijderd (was %(value)s)", what=what, value=shown(each.before))
    return _changed(f"{what} {_way(rest)}".rstrip(), each)


def _offered(each: Difference, what: str, rest: Where, main: str) -> str:
    """A key or message of which anything changed: where it leads or what it says (`main`), on or off, and when."""
    old, new = (_settings(value, rest, main) for value in (each.before, each.after))
    changed = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    changes = [_setting(key, old.get(key), new.get(key), main) for key in changed]
    on_off = [words for words in changes if words in (_switched(True), _switched(False))]
    others = [words for words in changes if words not in on_off]
    told = ", ".join([*(f"{what} {words}" for words in on_off), *([f"{what}: {', '.join(others)}"] if others else ())])
    return told if len(told) <= 3 * LONGEST else gettext("%(what)s gewijzigd", what=what)


def _settings(value: Any, rest: Where, main: str) -> dict[str, Any]:
    if rest:
        return {rest[0]: value}
    return dict(value) if isinstance(value, dict) else {main: value}


def _setting(key: str, old: Any, new: Any, main: str) -> str:
    if key == "enabled":
        return _switched(new is not False)
    change = shown(new) if old is None else f"{shown(old)} → {shown(new)}"
    return change if key == main else f"{field_name(key)} {change}"


def _switched(on: bool) -> str:
    return gettext("aangezet") if on else gettext("uitgezet")


def _number(each: Difference, before: Content, after: Content) -> str:
    return _changed(gettext("Nummer %(number)s", number=readable(each.where[1]) or each.where[1]), each)


def _user(each: Difference, before: Content, after: Content) -> str:
    who = gettext("Gebruiker %(name)s", name=name_of(after, before, "users", each.where[1]))
    if len(each.where) == 2:
        return _came_or_went(each, who)
    return _changed(f"{who}: {_way(each.where[2:])}", each)


def _entry(each: Difference, before: Content, after: Content) -> str:
    who = gettext("Telefoonboek: %(name)s", name=name_of(after, before, "phone_book", each.where[1]))
    return _came_or_went(each, who) if len(each.where) == 2 else _changed(f"{who}: {_way(each.where[2:])}", each)


def _traffic_class(each: Difference, before: Content, after: Content) -> str:
    what = gettext("Verkeersklasse %(name)s", name=name_of(after, before, "traffic_classes", each.where[1]))
    if len(each.where) == 2:
        return _came_or_went(each, what)
    old, new = (value if isinstance(value, list) else [value] for value in (each.before, each.after))
    if len(each.where) == 3 and each.where[2] in ("allow", "deny"):
        words = [f"+ {field_name(str(value))}" for value in new if value is not None and value not in old]
        words += [f"− {field_name(str(value))}" for value in old if value is not None and value not in new]
        return f"{what}: {field_name(each.where[2])} {', '.join(words)}"
    return _changed(f"{what}: {_way(each.where[2:3])}", each)


def _emergency_group(each: Difference, before: Content, after: Content) -> str:
    what = gettext("Noodgroep %(name)s", name=name_of(after, before, "emergency_groups", each.where[1]))
    return _came_or_went(each, what) if len(each.where) == 2 else _changed(f"{what}: {_way(each.where[2:3])}", each)


def _service_number(each: Difference, _before: Content, _after: Content) -> str:
    what, rest = gettext("Dienstnummer"), each.where[1:]
    if rest[0] not in KEY_LISTS:
        return _changed(f"{what}: {_way(rest)}", each)
    what = f"{what}, {KEY_LISTS[rest[0]]}"
    if len(rest) == 1:
        return _changed(what, each)
    return _choice(each, gettext("%(what)s: toets %(key)s", what=what, key=rest[1]), rest[2:])


KEY_LISTS: Mapping[str, Any] = {
    "messages": lazy_gettext("meldingen"),
    "emergency": lazy_gettext("noodteksten"),
    "places": lazy_gettext("plaatsen"),
}
"""The lists of the service number."""

def _answer(each: Difference, before: Content, after: Content) -> str:
    what = gettext("Standaardantwoord %(name)s", name=name_of(after, before, "answers", each.where[1]))
    return _came_or_went(each, what) if len(each.where) == 2 else _changed(f"{what}: {_way(each.where[2:])}", each)


SECTIONS: Mapping[str, Callable[[Difference, Content, Content], str]] = {
    "queues": _queue,
    "timetables": _timetable,
    "flows": _flow,
    "numbers": _number,
    "users": _user,
    "phone_book": _entry,
    "traffic_classes": _traffic_class,
    "answers": _answer,
    "emergency_groups": _emergency_group,
    "service_number": _service_number,
}


def name_of(content: Content, otherwise: Content, section: str, key: str) -> str:
    """What people call a queue or user."""
    for each in (content, otherwise):
        found = (each.get(section) or {}).get(key)
        if isinstance(found, dict):
            return str(found.get("name") or key)
    return key


def _way(steps: Where) -> str:
    return " ".join(field_name(step) for step in steps)


def _came_or_went(each: Difference, what: str) -> str:
    if each.before is None:
        return gettext("%(what)s toegevoegd", what=what)
    if each.after is None:
        return gettext("%(what)s verwijderd", what=what)
    return _changed(what, each)


def _changed(what: str, each: Difference) -> str:
    old, new = shown(each.before), shown(each.after)
    if max(len(old), len(new)) > LONGEST:
        return gettext("%(what)s gewijzigd", what=what)
    return f"{what}: {old} → {new}"


def shown(value: Any) -> str:
    """A value as people write it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return gettext("ja") if value else gettext("nee")
    if isinstance(value, dict):
        return ", ".join(f"{_day(field_name(key))} {shown(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(map(shown, value))
    return _day(str(value))


def _day(text: str) -> str:
    """A day, moment or period as people write it; any other text as it is."""
    first, slash, last = text.partition("/")
    if slash and _MOMENT.fullmatch(first) and _MOMENT.fullmatch(last):
        return gettext("%(first)s t/m %(last)s", first=_day(first), last=_day(last))
    found = _MOMENT.fullmatch(text)
    if found is None:
        return text
    try:
        day = format_date(date.fromisoformat(found[1]), "EEE d MMM y")
    except ValueError:
        return text
    return f"{day} {found[2]}" if found[2] else day
