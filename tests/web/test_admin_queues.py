"""An administrator changes how a queue treats who waits."""

from __future__ import annotations

from typing import Any

from tests.web.admin import Fields, activate, administrator, content, submit
from tests.web.conftest import Desk

BURGERZAKEN: Fields = {
    "base": "1", "queue": "burgerzaken", "name": "Burgerzaken", "strategy": "longest-idle", "priority": "0",
    "ring_seconds": "20", "wrap_up_seconds": "30", "ring_agents": "1", "level_seconds": "30", "sticky_seconds": "3600",
    "maximum_wait-seconds": "1800", "maximum_wait-then": "allen-in-gesprek", "maximum_waiting-callers": "20",
    "maximum_waiting-then": "wachtrij-vol", "service_level-seconds": "20", "service_level-percent": "80",
    "prompt": "even-geduld", "first_seconds": "15", "position": "changed", "expected_wait": "yes",
    "repeat_prompt": "nog-even-geduld", "every_seconds": "45", "times": "40",
}  # fmt: skip
RECEPTIE: Fields = {
    "base": "1", "queue": "receptie", "name": "Receptie", "strategy": "longest-idle", "priority": "1",
    "ring_seconds": "20", "wrap_up_seconds": "10", "ring_agents": "1", "level_seconds": "0", "sticky_seconds": "0",
    "prompt": "even-geduld", "first_seconds": "15", "position": "never", "every_seconds": "30",
}  # fmt: skip


def queue(desk: Desk, name: str) -> dict[str, Any]:
    return content(desk)["queues"][name]  # type: ignore[no-any-return]


def test_the_forms_as_they_stand_change_nothing(desk: Desk) -> None:
    for form in (BURGERZAKEN, RECEPTIE):
        assert "Niets: alles is al zo." in submit(administrator(desk), "/admin/queues", form).text


def test_texts_and_times_change_and_the_menu_while_waiting_stays(desk: Desk) -> None:
    aad = administrator(desk)
    shown = submit(
        aad, "/admin/queues", {**BURGERZAKEN, "ring_seconds": "25", "every_seconds": "60", "position": "always"}
    )
    assert "Wachtrij Burgerzaken: seconden overgaan: 20 → 25" in shown.text
    assert (
        "Wachtrij Burgerzaken: teksten bij het wachten herhaaltekst seconden tot de volgende tekst: 45 → 60"
        in shown.text
    )
    activate(aad, shown.text)
    announcement = queue(desk, "burgerzaken")["announcement"]
    assert announcement["repeat"]["menu"]["choices"] == {"1": "terugbellen-burgerzaken"}
    assert (announcement["position"], announcement["repeat"]["every_seconds"]) == ("always", 60)


def test_another_text_after_the_first_and_none_at_all(desk: Desk) -> None:
    aad = administrator(desk)
    again = {"repeat_prompt": "nog-even-geduld", "times": "3"}
    activate(aad, submit(aad, "/admin/queues", {**RECEPTIE, **again}).text)
    assert queue(desk, "receptie")["announcement"]["repeat"] == {"prompt": "nog-even-geduld", "times": 3}
    activate(aad, submit(aad, "/admin/queues", {**RECEPTIE, "base": "2", "prompt": ""}).text)
    assert "announcement" not in queue(desk, "receptie")


def test_limit_of_the_wait_is_taken_away(desk: Desk) -> None:
    aad = administrator(desk)
    activate(
        aad, submit(aad, "/admin/queues", {**BURGERZAKEN, "maximum_wait-seconds": "", "maximum_wait-then": ""}).text
    )
    assert "maximum_wait" not in queue(desk, "burgerzaken")


def test_what_is_wrong_stands_beside_its_setting(desk: Desk) -> None:
    shown = submit(administrator(desk), "/admin/queues", {**BURGERZAKEN, "ring_seconds": "2", "maximum_wait-then": ""})
    assert shown.status_code == 422
    assert "cx-finding" in shown.text.split('name="ring_seconds" value="2"')[1][:500]
    assert "ontbreekt" in shown.text.split("maximum_wait-then")[1][:1500]


def test_new_queue_can_be_led_to_from_a_menu(desk: Desk) -> None:
    aad = administrator(desk)
    shown = aad.post("/admin/queues/new", base="1", name="Parkeren & vergunningen")
    activate(aad, shown.text)
    assert queue(desk, "parkeren-vergunningen") == {"name": "Parkeren & vergunningen"}
    assert content(desk)["flows"]["parkeren-vergunningen"] == [{"queue": "parkeren-vergunningen"}]
    assert aad.post("/admin/queues/new", base="2", name="receptie").status_code == 422


ALARMS: Fields = {"alarm-waiting-raise": "8", "alarm-mos-raise": "3,8", "alarm-mos-clear": "4,1", "alarm-mail": ""}


def test_alarm_is_set_with_a_level_alone_or_with_one_that_clears_it_and_is_taken_away(desk: Desk) -> None:
    aad = administrator(desk)
    shown = submit(aad, "/admin/queues", {**RECEPTIE, **ALARMS, "alarm-mail": "a@example.nl; b@example.nl"})
    activate(aad, shown.text)
    alarms = queue(desk, "receptie")["alarms"]
    assert alarms == {"waiting": 8, "mos": {"raise": 3.8, "clear": 4.1}, "mail": ["a@example.nl", "b@example.nl"]}
    page = aad.get("/admin/queues?queue=receptie").text
    assert 'name="alarm-mos-clear" value="4.1"' in page
    nothing = {"base": "2", "alarm-mail": ""}
    activate(aad, submit(aad, "/admin/queues", {**RECEPTIE, **nothing}).text)
    assert "alarms" not in queue(desk, "receptie")


def test_level_that_would_never_clear_is_refused_beside_the_alarms(desk: Desk) -> None:
    wrong = {**RECEPTIE, **ALARMS, "alarm-waiting-clear": "9"}
    shown = submit(administrator(desk), "/admin/queues", wrong)
    assert shown.status_code == 422
    assert "Kies een lagere grens" in shown.text.split('name="alarm-mail"')[1]
