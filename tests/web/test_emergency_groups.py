"""Places that are put on emergency together: made by an administrator, switched on by a supervisor."""

from __future__ import annotations

import html
import json
import re

from cxcore.dialplan.messages import SiteMessages
from cxcore.domain.emergency import Then
from tests.cast import AAD, SOFIE
from tests.fakes.site_texts import NOORDWIJK, ROOT, SoundingPrompts, demo_texts
from tests.web.admin import activate, administrator, content, submit
from tests.web.conftest import Desk

EVENING: dict[str, str | list[str]] = {
    "base": "1", "key": "", "name": "Alle balies", "place": ["+31715550101", "burgerzaken"],
    "message": "noodtekst-storing", "then": "go-on", "hours": "4",
}  # fmt: skip


def test_a_group_is_made_changed_and_removed_and_each_is_told_in_words(desk: Desk) -> None:
    aad = administrator(desk)
    looked = submit(aad, "/admin/emergency/groups", EVENING)
    assert "Noodgroep Alle balies toegevoegd" in looked.text
    activate(aad, looked.text)
    group = {
        "name": "Alle balies", "places": ["+31715550101", "burgerzaken"], "message": "noodtekst-storing",
        "then": "go-on", "hours": 4,
    }  # fmt: skip
    assert content(desk)["emergency_groups"] == {"alle-balies": group}
    page = aad.get("/admin/emergency/groups?group=alle-balies").text
    assert 'value="burgerzaken" checked' in page and 'value="go-on" checked' in page
    again = {**EVENING, "base": "2", "key": "alle-balies", "place": ["burgerzaken"], "hours": "12"}
    looked = submit(aad, "/admin/emergency/groups", again)
    assert "Noodgroep Alle balies: plaatsen" in looked.text
    activate(aad, looked.text)
    assert "hours" not in content(desk)["emergency_groups"]["alle-balies"]
    looked = submit(aad, "/admin/emergency/groups", {**again, "base": "3", "remove": "yes"})
    activate(aad, looked.text)
    assert "emergency_groups" not in content(desk)


def test_what_is_wrong_stands_beside_its_field_and_what_was_filled_in_stays(desk: Desk) -> None:
    answer = submit(administrator(desk), "/admin/emergency/groups", {**EVENING, "then": "flow", "hours": "veel"})
    assert answer.status_code == 422
    assert 'value="veel"' in answer.text and 'value="burgerzaken" checked' in answer.text
    assert "cx-finding" in answer.text
    answer = submit(administrator(desk), "/admin/emergency/groups", {**EVENING, "place": []})
    assert answer.status_code == 422 and "plaatsen" in answer.text


def test_supervisors_switch_a_group_on_and_only_administrators_change_it(desk: Desk) -> None:
    sofie = desk.visitor_as(SOFIE)
    page = sofie.get("/admin/emergency").text
    assert "Noodgroep Alle balies aanzetten" in page and "groepen maken en wijzigen" not in page
    found = re.search(r'data-group="([^"]*)"', page)
    assert found is not None
    assert json.loads(html.unescape(found[1])) == {
        "places": ["+31715550101", "receptie"], "message": "noodtekst-storing", "then": Then.GO_ON, "flow": "",
        "hours": 4,
    }  # fmt: skip
    assert sofie.get("/admin/emergency/groups").status_code == 403
    assert "groepen maken en wijzigen" in desk.visitor_as(AAD).get("/admin/emergency").text


def test_the_groups_of_the_site_reach_the_page_as_they_stand_in_the_file() -> None:
    (group,) = demo_texts().site(NOORDWIJK).emergency_groups.values()
    assert (group.name, len(group.places), group.text.message, group.text.hours) == (
        "Vakafdelingen", 3, "noodtekst-storing", 4,
    )  # fmt: skip
    catalogue = SiteMessages(lambda: demo_texts().content(NOORDWIJK), lambda: SoundingPrompts(ROOT))
    assert catalogue.emergency_groups() == {"vakafdelingen": group}
