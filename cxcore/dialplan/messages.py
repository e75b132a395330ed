"""The messages of a site and where callers hear them (port `cxcore.ports.messages.MessageCatalogue`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from cxcore.dialplan.prompts import PromptCatalogue
from cxcore.dialplan.service_line import EVERYWHERE_WORD
from cxcore.domain.emergency import EVERYWHERE, Then
from cxcore.domain.emergency_groups import EmergencyGroup
from cxcore.domain.service_line import PreparedText, ServiceLine
from cxcore.ports.messages import KnownMessage

NAMES_A_PROMPT = ("say", "prompt", "wrong_key", "no_key")
"""The keys of a dialplan whose value is a prompt."""


class SiteMessages:
    """`find_content` gives the site that counts as plain values, `find_prompts` the prompts, both as they are now."""

    def __init__(
        self, find_content: Callable[[], Mapping[str, Any]], find_prompts: Callable[[], PromptCatalogue]
    ) -> None:
        self._find_content, self._find_prompts = find_content, find_prompts

    def messages(self) -> Sequence[KnownMessage]:
        """Every message, by name."""
        catalogue, content = self._find_prompts(), self._find_content()
        flows, queues = _uses(_part(content, "flows")), _uses(_part(content, "queues"))
        timetables, names = _uses(_part(content, "timetables")), dict(self.queues())
        return [
            KnownMessage(
                name,
                catalogue.texts.get(name, ""),
                tuple(flows.get(name, ())),
                tuple(names[queue_id] for queue_id in queues.get(name, ())),
                shipped=(catalogue.made / f"{name}.wav").is_file(),
                translations=_translations(catalogue, name),
                timetables=tuple(timetables.get(name, ())),
            )
            for name in sorted(catalogue.names)
        ]

    def numbers(self) -> Sequence[str]:
        """The numbers that callers dial, in the order of the site."""
        return list(_part(self._find_content(), "numbers"))

    def queues(self) -> Sequence[tuple[str, str]]:
        """The queues and their names, in the order of the site."""
        queues = _part(self._find_content(), "queues")
        return [(queue_id, str((settings or {}).get("name") or queue_id)) for queue_id, settings in queues.items()]

    def flows(self) -> Sequence[str]:
        """The flows, in the order of the site."""
        return list(_part(self._find_content(), "flows"))

    def languages(self) -> Sequence[str]:
        """The languages beside that of the site."""
        return sorted(self._find_prompts().languages)

    def emergency_groups(self) -> Mapping[str, EmergencyGroup]:
        """The groups; the content was checked when it was put into use."""
        groups = _part(self._find_content(), "emergency_groups")
        return {
            key: EmergencyGroup(str(each.get("name") or key), tuple(map(str, each["places"])), _prepared(each))
            for key, each in groups.items()
        }

    def service_line(self) -> ServiceLine | None:
        """The service number; the content was checked when it was put into use."""
        part = _part(self._find_content(), "service_number")
        if not part:
            return None
        texts = {str(key): _prepared(value) for key, value in _part(part, "emergency").items()}
        messages = {str(key): str(value) for key, value in _part(part, "messages").items()}
        places = {str(key): _scope(str(value)) for key, value in _part(part, "places").items()}
        return ServiceLine(str(part["number"]), messages, texts, places or {"1": EVERYWHERE})


def _translations(catalogue: PromptCatalogue, name: str) -> Mapping[str, str]:
    others = catalogue.languages.items()
    return {language: other.texts.get(name, "") for language, other in others if name in other.names}


def _prepared(value: Any) -> PreparedText:
    if not isinstance(value, dict):
        return PreparedText(str(value))
    usual = PreparedText("")
    then, hours = Then(value.get("then", usual.then)), int(value.get("hours", usual.hours))
    return PreparedText(str(value["message"]), then, str(value.get("flow", "")), hours)


def _scope(written: str) -> str:
    return EVERYWHERE if written == EVERYWHERE_WORD else written


def _part(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = content.get(name)
    return part if isinstance(part, dict) else {}


def _uses(part: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    """Prompt → the keys of this part under which it is named."""
    uses: defaultdict[str, list[str]] = defaultdict(list)
    for key, value in part.items():
        for prompt in dict.fromkeys(_prompts_in(value)):
            uses[prompt].append(key)
    return uses


def _prompts_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in NAMES_A_PROMPT and isinstance(inner, str):
                yield inner
            else:
                yield from _prompts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _prompts_in(inner)
