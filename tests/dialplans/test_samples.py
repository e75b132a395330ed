"""Each sample is read, and each broken one is answered as its first lines say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from cxcore.dialplan.alarms import ALARM_KEYS, LEVEL_KEYS
from cxcore.dialplan.announcements import ANNOUNCEMENT_KEYS, REPEAT_KEYS, WAIT_MENU_KEYS
from cxcore.dialplan.answers import ANSWER_KEYS
from cxcore.dialplan.call_backs import CALL_BACK_KEYS
from cxcore.dialplan.caller_lists import CALLER_LIST_KEYS
from cxcore.dialplan.chats import PAGE_KEYS
from cxcore.dialplan.check import check_site
from cxcore.dialplan.dialled import KINDS, NUMBER_KEYS
from cxcore.dialplan.emergency_groups import GROUP_KEYS
from cxcore.dialplan.findings import ConfigurationRefused, Severity
from cxcore.dialplan.hours import EXCEPTION_KEYS, HOURS_KEYS
from cxcore.dialplan.prompts import PromptCatalogue
from cxcore.dialplan.queues import MAXIMUM_WAIT_KEYS, MAXIMUM_WAITING_KEYS, QUEUE_KEYS, SERVICE_LEVEL_KEYS
from cxcore.dialplan.reader import SITE_KEYS, read_site
from cxcore.dialplan.service_line import SERVICE_KEYS, TEXT_KEYS
from cxcore.dialplan.steps import (
    CHOICE_KEYS,
    MENU_KEYS,
    SAY_KEYS,
    STEP_NAMES,
    TRANSFER_KEYS,
    VOICEMAIL_KEYS,
    WHEN_KEYS,
)
from cxcore.dialplan.topics import TOPIC_KEYS
from cxcore.dialplan.traffic import KINDS as TRAFFIC_KINDS
from cxcore.dialplan.traffic import TRAFFIC_CLASS_KEYS
from cxcore.dialplan.users import ROLES, USER_KEYS
from cxcore.dialplan.voicebots import VOICEBOT_KEYS
from cxcore.domain.queue import StrategyName
from tests.dialplans.samples import BROKEN, NOORDWIJK, SCHEMA, VALID, as_editors_see_it, heads


def named(sample: Path) -> str:
    return sample.stem


@pytest.fixture(scope="module")
def schema() -> Any:
    return json.loads(SCHEMA.read_text())


@pytest.mark.parametrize("sample", BROKEN, ids=named)
def test_each_fault_is_answered_with_its_place_and_remedy(sample: Path, prompts: PromptCatalogue) -> None:
    answers = [str(finding) for finding in check_site(sample, prompts)]
    made = str(prompts.made)
    assert [answer.removeprefix(f"{sample}:").replace(made, "MADE") for answer in answers] == heads(sample, "expect")


@pytest.mark.parametrize("sample", BROKEN, ids=named)
def test_a_site_with_an_error_is_refused_and_one_with_warnings_is_read(sample: Path, prompts: PromptCatalogue) -> None:
    if any(" error: " in f" {line}" for line in heads(sample, "expect")):
        with pytest.raises(ConfigurationRefused) as refused:
            read_site(sample, prompts)
        assert all(finding.severity is Severity.ERROR for finding in refused.value.findings)
    else:
        assert read_site(sample, prompts).name == "Proef"


@pytest.mark.parametrize("sample", VALID, ids=named)
def test_a_valid_site_is_read_without_a_word(sample: Path, prompts: PromptCatalogue) -> None:
    assert check_site(sample, prompts) == []
    assert read_site(sample, prompts).dialplan.flows


@pytest.mark.parametrize("sample", VALID, ids=named)
def test_what_the_reader_takes_the_schema_takes(sample: Path, schema: Any) -> None:
    jsonschema.Draft202012Validator(schema).validate(as_editors_see_it(sample))


@pytest.mark.parametrize("sample", BROKEN, ids=named)
def test_the_schema_says_of_a_broken_site_what_its_head_says(sample: Path, schema: Any) -> None:
    assert heads(sample, "schema") == [verdict(sample, schema)]


def verdict(sample: Path, schema: Any) -> str:
    try:
        content = as_editors_see_it(sample)
    except yaml.YAMLError:
        return "cannot read it"
    return "passes" if jsonschema.Draft202012Validator(schema).is_valid(content) else "refuses"


def test_reader_and_schema_know_the_same_keys(schema: Any) -> None:
    parts, queue = schema["$defs"], schema["$defs"]["queue"]["properties"]
    mapping_step = parts["step"]["anyOf"][2]["properties"]
    assert keys(schema) == set(SITE_KEYS)
    assert keys(parts["queue"]) == set(QUEUE_KEYS)
    assert keys(queue["announcement"]) == set(ANNOUNCEMENT_KEYS)
    assert keys(queue["announcement"]["properties"]["repeat"]) == set(REPEAT_KEYS)
    assert keys(parts["wait_menu"]) == set(WAIT_MENU_KEYS)
    assert keys(queue["maximum_waiting"]) == set(MAXIMUM_WAITING_KEYS)
    assert keys(parts["hours"]) == set(HOURS_KEYS)
    exception = parts["hours"]["properties"]["exceptions"]["additionalProperties"]["anyOf"][1]
    assert keys(exception) == set(EXCEPTION_KEYS)
    assert keys(parts["choice"]) == set(CHOICE_KEYS)
    assert keys(parts["caller_list"]) == set(CALLER_LIST_KEYS)
    assert keys(schema["properties"]["voicebots"]["additionalProperties"]) == set(VOICEBOT_KEYS)
    assert keys(schema["properties"]["emergency_groups"]["additionalProperties"]) == set(GROUP_KEYS)
    service = schema["properties"]["service_number"]
    assert keys(service) == set(SERVICE_KEYS)
    assert keys(service["properties"]["emergency"]["additionalProperties"]["anyOf"][1]) == set(TEXT_KEYS)
    number = schema["properties"]["numbers"]["additionalProperties"]["anyOf"][1]
    assert keys(number) == set(NUMBER_KEYS)
    assert number["properties"]["kind"]["enum"] == list(KINDS)
    assert keys(mapping_step["say"]["anyOf"][1]) == set(SAY_KEYS)
    assert keys(mapping_step["when"]) == set(WHEN_KEYS)
    assert keys(queue["alarms"]) == set(ALARM_KEYS)
    for level in (each for name, each in parts.items() if name.startswith("alarm_")):
        assert keys(level["oneOf"][1]) == set(LEVEL_KEYS)
    assert keys(queue["call_back"]) == set(CALL_BACK_KEYS)
    assert keys(queue["maximum_wait"]) == set(MAXIMUM_WAIT_KEYS)
    assert keys(queue["service_level"]) == set(SERVICE_LEVEL_KEYS)
    assert keys(parts["menu"]) == set(MENU_KEYS)
    assert keys(mapping_step["transfer"]["anyOf"][1]) == set(TRANSFER_KEYS)
    assert keys(mapping_step["voicemail"]["anyOf"][1]) == set(VOICEMAIL_KEYS)
    assert set(mapping_step) | {"answer", "close"} == set(STEP_NAMES)
    assert keys(parts["user"]) == set(USER_KEYS)
    assert keys(parts["topic"]) == set(TOPIC_KEYS)
    assert keys(schema["properties"]["chats"]["additionalProperties"]) == set(PAGE_KEYS)
    assert keys(schema["properties"]["answers"]["additionalProperties"]) == set(ANSWER_KEYS)
    assert keys(parts["traffic_class"]) == set(TRAFFIC_CLASS_KEYS)
    assert parts["traffic_class"]["properties"]["allow"]["items"]["anyOf"][0]["enum"] == list(TRAFFIC_KINDS)
    assert parts["user"]["properties"]["role"]["enum"] == list(ROLES)
    assert queue["strategy"]["enum"] == [strategy.value for strategy in StrategyName]


def keys(part: Any) -> set[str]:
    return set(part["properties"])


def test_editors_are_told_of_the_schema() -> None:
    assert NOORDWIJK.read_text().startswith("# yaml-language-server: $schema=schema.json\n")
