"""What a site holds after it is read, and files that are no site at all."""

from __future__ import annotations

import codecs
from datetime import date, time
from pathlib import Path

import pytest

from cxcore.dialplan.check import check_files, check_site, has_errors, report
from cxcore.dialplan.findings import ConfigurationRefused
from cxcore.dialplan.prompts import NoSuchPrompt, PromptCatalogue, PromptNotMade, read_prompts
from cxcore.dialplan.reader import read_site
from cxcore.domain.agent import AgentId
from cxcore.domain.dialplan import Answer, Close, Enqueue, GoTo, Menu, Say, Transfer
from cxcore.domain.membership import Membership
from cxcore.domain.queue import (
    Announcement,
    CallBackSettings,
    PositionTold,
    Queue,
    QueueId,
    Repeat,
    ServiceLevel,
    StrategyName,
    WaitMenu,
)
from cxcore.domain.recording import RecordingMode, RecordingRule
from cxcore.domain.schedule import Schedule, Span, every_day
from cxcore.domain.site import ConfiguredUser, Site
from cxcore.domain.thresholds import AlarmKind, Threshold
from tests.dialplans.samples import HERE, NOORDWIJK, ROOT

SMALLEST = (HERE / "valid" / "smallest.yml").read_bytes()
BALIE = QueueId("balie")


@pytest.fixture
def site(prompts: PromptCatalogue) -> Site:
    return read_site(HERE / "valid" / "every-setting.yml", prompts)


def answer(content: bytes, folder: Path, prompts: PromptCatalogue) -> list[str]:
    path = folder / "site.yml"
    path.write_bytes(content)
    return [str(finding).removeprefix(f"{path}:") for finding in check_site(path, prompts)]


def test_the_demo_site_leads_callers_as_its_menu_says(prompts: PromptCatalogue) -> None:
    dialplan = read_site(NOORDWIJK, prompts).dialplan
    assert dialplan.numbers["+31715550100"] == "hoofdmenu"
    menu = dialplan.flows["hoofdmenu"][2]
    assert isinstance(menu, Menu)
    departments = {"1": "burgerzaken", "2": "bouwen-en-wonen", "3": "afval-en-milieu", "0": "receptie"}
    assert menu.choices == {**departments, "4": "meldingen", "9": "engels"}
    assert menu.otherwise == "receptie"


def test_every_kind_of_step_is_read(site: Site) -> None:
    flows = site.dialplan.flows
    assert flows["keuze"] == (
        Answer(),
        Say("welkom"),
        Menu(
            prompt="hoofdmenu",
            choices={"1": "balie", "2": "buiten", "*": "keuze-opnieuw", "#": "einde"},
            otherwise="einde",
            attempts=3,
            timeout_seconds=7.5,
            wrong_key="verkeerde-toets",
        ),
    )
    assert flows["buiten"][0] == Transfer(("+31612345678",), 30)
    assert flows["buiten"][1] == Transfer(("sip:piket@[2001:db8::7]:5060;transport=tcp",), 45)
    assert (flows["keuze-opnieuw"], flows["balie"], flows["einde"]) == ((GoTo("keuze"),), (Enqueue(BALIE),), (Close(),))


ALARMS = (
    Threshold(AlarmKind.WAITING, 8, 6),
    Threshold(AlarmKind.LONGEST_WAIT, 300, 120, 30),
    Threshold(AlarmKind.SERVICE_LEVEL, 70, 80),
    Threshold(AlarmKind.ABANDONED, 10, 8),
    Threshold(AlarmKind.AGENTS, 2, 2),
    Threshold(AlarmKind.DEVICES, 1, 0),
    Threshold(AlarmKind.MOS, 3.8, 4.0),
    Threshold(AlarmKind.CHATS_WAITING, 5, 4),
    Threshold(AlarmKind.CHAT_WAIT, 600, 300),
    Threshold(AlarmKind.CHAT_LEVEL, 60, 65),
)


def test_every_setting_of_a_queue_is_read(site: Site) -> None:
    assert site.queues[BALIE] == Queue(
        queue_id=BALIE,
        name="Balie",
        strategy=StrategyName.CYCLIC,
        priority=2,
        ring_seconds=15,
        wrap_up_seconds=0,
        maximum_wait_seconds=600,
        overflow_flow="einde",
        announcement=Announcement("even-geduld", first_seconds=0, every_seconds=45),
        service_level=ServiceLevel(seconds=30, percent=90),
        recording=RecordingRule(RecordingMode.SHARE, 25, 30, 60),
        alarms={each.kind: each for each in ALARMS},
        alarm_mail=("teamleider@example.nl",),
    )


def test_a_queue_without_settings_has_the_defaults_of_the_domain(prompts: PromptCatalogue) -> None:
    queue = read_site(HERE / "valid" / "settings-shared-by-alias.yml", prompts).queues[BALIE]
    assert queue == Queue(BALIE, "balie", announcement=Announcement("even-geduld", 15, 30))


def test_within_a_level_agents_stand_in_the_order_of_the_file(site: Site) -> None:
    assert site.memberships == (
        Membership(AgentId("anna"), BALIE, level=2, position=1),
        Membership(AgentId("bram"), BALIE, level=1, position=1),
        Membership(AgentId("chris"), BALIE, level=2, position=2),
    )


def test_users_break_reasons_and_caller_number_are_read(site: Site) -> None:
    assert site.users["anna"] == ConfiguredUser("anna", "Anna de Vries", "agent", "sip:anna@192.0.2.7:5060")
    assert site.users["aad"] == ConfiguredUser("aad", "Aad Dekker", "administrator")
    assert (site.break_reasons, site.caller_number) == (("Pauze", "Lunch"), "+31715550100")
    assert site.name == "Proef: Noordwijk"


def test_an_empty_file_is_refused(tmp_path: Path, prompts: PromptCatalogue) -> None:
    assert answer(b"", tmp_path, prompts) == [
        "1:1: error: the file is empty → write a site; dialplans/noordwijk.yml is an example"
    ]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, prompts: PromptCatalogue) -> None:
    (finding,) = check_site(tmp_path / "nergens.yml", prompts)
    assert finding.problem == "the file cannot be read: No such file or directory"


def test_a_binary_file_is_refused(tmp_path: Path, prompts: PromptCatalogue) -> None:
    assert answer(b"RIFF\x00\x00\x01\x00WAVEfmt ", tmp_path, prompts) == [
        "1:1: error: the file is binary, not text → name a YAML file"
    ]


def test_a_file_of_ten_megabytes_is_refused_unread(tmp_path: Path, prompts: PromptCatalogue) -> None:
    assert answer(b"# regel\n" * 1_300_000, tmp_path, prompts) == [
        "1:1: error: the file is larger than 1 MB → name a file that holds one site"
    ]


def test_a_byte_order_mark_is_read_over_with_a_warning(tmp_path: Path, prompts: PromptCatalogue) -> None:
    assert answer(codecs.BOM_UTF8 + SMALLEST, tmp_path, prompts) == [
        "1:1: warning: the file starts with a byte order mark → save it as UTF-8 without byte order mark"
    ]


def test_utf_16_is_refused(tmp_path: Path, prompts: PromptCatalogue) -> None:
    assert answer(SMALLEST.decode().encode("utf-16"), tmp_path, prompts) == [
        "1:1: error: the file is saved as UTF-16 → save it as UTF-8 without byte order mark"
    ]


def test_latin_1_is_refused_at_its_byte(tmp_path: Path, prompts: PromptCatalogue) -> None:
    assert answer(b"site: Proef\nqueues: {caf\xe9: {}}\n", tmp_path, prompts) == [
        "2:13: error: byte 0xe9 is no UTF-8 → save the file as UTF-8"
    ]


def test_a_control_character_is_refused_at_its_place(tmp_path: Path, prompts: PromptCatalogue) -> None:
    assert answer(b"site: Proef\nflows: caf\x07\n", tmp_path, prompts) == [
        "2:11: error: the character U+0007 is not allowed → take it out"
    ]


@pytest.mark.parametrize("deep", [b"[" * 5_000, b"{a: " * 5_000, b"- " * 20_000], ids=["lists", "mappings", "dashes"])
def test_a_file_that_nests_thousands_of_levels_is_refused(
    deep: bytes, tmp_path: Path, prompts: PromptCatalogue
) -> None:
    (only,) = answer(b"site: " + deep if deep[0] != ord("-") else deep, tmp_path, prompts)
    assert "error: the file nests more levels than a site has" in only


def test_a_site_that_holds_itself_is_refused(tmp_path: Path, prompts: PromptCatalogue) -> None:
    assert any("error" in line for line in answer(b"flows: &a {start: *a}\n", tmp_path, prompts))


def test_all_errors_are_told_at_once_and_counted(prompts: PromptCatalogue) -> None:
    findings = check_site(HERE / "broken" / "several.yml", prompts)
    assert has_errors(findings)
    assert report(findings).splitlines()[-1] == "5 errors, no warnings"


def test_a_finding_is_one_line_without_control_characters(tmp_path: Path, prompts: PromptCatalogue) -> None:
    content = b'site: Proef\nnumbers: {"+31715550100": "st\\e[2Jart\\n"}\nflows: {start: [close]}\n'
    (line,) = answer(content, tmp_path, prompts)
    assert line.startswith(r"2:27: error: there is no flow `st\x1b[2Jart\n`")


@pytest.mark.parametrize("sample", ["smallest", "every-setting", "settings-shared-by-alias"])
def test_a_site_cut_off_or_with_a_line_missing_is_answered_and_never_fails(
    sample: str, tmp_path: Path, prompts: PromptCatalogue
) -> None:
    content = (HERE / "valid" / f"{sample}.yml").read_bytes()
    lines = content.splitlines(keepends=True)
    maimed = [content[:length] for length in range(0, len(content), 23)]
    maimed += [b"".join(lines[:number] + lines[number + 1 :]) for number in range(len(lines))]
    for text in maimed:
        for finding in answer(text, tmp_path, prompts):
            assert ": error: " in finding or ": warning: " in finding


def test_prompts_are_texts_and_recordings_together(tmp_path: Path) -> None:
    (tmp_path / "texts.yml").write_text("welkom: Welkom.\n")
    (tmp_path / "jingle.wav").touch()
    (tmp_path / "README.md").touch()
    made = tmp_path / "made"
    catalogue = read_prompts(tmp_path, made)
    assert catalogue.names == {"welkom", "jingle"}
    assert catalogue.recordings == {"jingle": tmp_path / "jingle.wav"}
    assert catalogue.sound("welkom") == made / "welkom.wav"


def test_a_prompt_with_two_recordings_is_refused(tmp_path: Path) -> None:
    (tmp_path / "texts.yml").write_text("welkom: Welkom.\n")
    (tmp_path / "welkom.wav").touch()
    (tmp_path / "welkom.MP3").touch()
    with pytest.raises(ConfigurationRefused, match="has two recordings, welkom.MP3 and welkom.wav → take one"):
        read_prompts(tmp_path, tmp_path)


def test_a_prompt_that_is_not_made_says_how_to_make_it(prompts: PromptCatalogue) -> None:
    with pytest.raises(PromptNotMade, match="run `make setup`"):
        prompts.playable("niet-gemaakt")
    with pytest.raises(NoSuchPrompt):
        prompts.playable("../../etc/passwd")
    assert prompts.playable("welkom").is_absolute()


def test_faults_in_the_texts_of_prompts_are_told_with_their_line(tmp_path: Path) -> None:
    texts = tmp_path / "texts.yml"
    texts.write_text("welkom: Welkom.\nwelkom: Dag.\nleeg:\nuur: 9\n")
    with pytest.raises(ConfigurationRefused) as refused:
        read_prompts(tmp_path, tmp_path)
    assert [str(finding).removeprefix(f"{texts}:") for finding in refused.value.findings] == [
        "2:1: error: `welkom` stands twice in the list of texts, first in line 1 → take one of them out",
        "3:6: error: the text of prompt leeg must be text, and is nothing → write one line of text",
        '4:6: error: the text of prompt uur: YAML reads `9` as a number → put quotes round it: "9"',
    ]


def test_every_prompt_that_the_demo_site_names_has_a_text(tmp_path: Path) -> None:
    problems = [finding.problem for finding in check_files(NOORDWIJK, ROOT / "prompts" / "nl", tmp_path)]
    assert problems and all("has no sound at" in problem for problem in problems)


def test_what_a_waiting_caller_hears_and_when_a_queue_is_open_is_read(prompts: PromptCatalogue) -> None:
    queues = read_site(HERE / "valid" / "every-setting-of-waiting.yml", prompts).queues
    balie, loket = queues[BALIE], queues[QueueId("loket")]
    assert (balie.maximum_waiting, balie.full_flow, balie.closed_flow) == (12, "einde", "einde")
    assert balie.moves_when_closing
    assert balie.hours == Schedule(
        {0: (Span(time(8, 30), time(12)), Span(time(13), time(17))), 5: (Span(time(20), time()),)},
        frozenset({date(2026, 12, 25), date(2026, 12, 26)}),
    )
    window = every_day(Span(time(9), time(18)))
    assert balie.call_back == CallBackSettings(
        "bel-later-terug", "welkom", "welkom", 5, 60, 20, window, ("+31", "+32")
    )
    assert loket.announcement == Announcement(
        "even-geduld", 0, 30, Repeat("nog-even-geduld", 20, 3, WaitMenu("wachtmenu", {"*": "einde"})),
        PositionTold.CHANGED, True, WaitMenu("wachtmenu", {"1": "terug"}),
    )  # fmt: skip
    assert loket.call_back == CallBackSettings(attempts=1)


def test_a_file_of_ten_thousand_lines_with_a_chain_of_flows_is_read_and_its_one_loop_found(
    tmp_path: Path, prompts: PromptCatalogue
) -> None:
    chain = "".join(
        f"  f{number}:\n    - answer\n    - say: welkom\n    - menu:\n        prompt: hoofdmenu\n"
        f"        choices: {{1: f{number + 1}}}\n        otherwise: f{number + 1}\n"
        for number in range(1_400)
    )
    content = f'site: Proef\nnumbers: {{"100": f0}}\nflows:\n{chain}  f1400:\n    - goto: f0\n'
    (only,) = answer(content.encode(), tmp_path, prompts)
    assert only.startswith("7:7: error: a caller who presses no key goes round for ever: f0 → f1 → f2")
