"""A file of employees is taken over as a whole, or every mistake in it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxcore.domain.employee_files import EmployeeFileRefused, read_csv
from cxcore.domain.employees import Employee

DEMO = Path(__file__).parents[3] / "dialplans" / "noordwijk.employees.csv"


def test_file_of_a_dutch_spreadsheet_is_read() -> None:
    heading = "Naam;Afdeling;Functie;Telefoon;Mobiel;E-mail\r\n"
    text = f"{heading}Zoë Vis;Burgerzaken;Consulent;071 555 0101;06-12345678;Z@n.nl\r\n"
    numbers = ("+31715550101", "+31612345678")
    assert read_csv(text) == [Employee("z@n.nl", "Zoë Vis", "Burgerzaken", "Consulent", numbers, "Z@n.nl")]


def test_export_of_entra_id_is_read() -> None:
    text = "id,displayName,department,jobTitle,businessPhones,mail\n7f3,Jan Bos,ICT,Beheerder,+31 71 555 0102,j@n.nl\n"
    assert read_csv(text) == [Employee("7f3", "Jan Bos", "ICT", "Beheerder", ("+31715550102",), "j@n.nl")]


def test_who_has_neither_number_nor_address_is_told_apart_by_department() -> None:
    first, second = read_csv("naam,afdeling\nJan Bos,ICT\n\nJan Bos,Zorg\n")
    assert (first.employee_id, second.employee_id) == ("Jan Bos, ICT", "Jan Bos, Zorg")


def test_every_mistake_is_said_with_its_line() -> None:
    with pytest.raises(EmployeeFileRefused) as refused:
        read_csv("naam,nummer\nJan,abc\n,071 555 0101\nJan,112\nWim,071 555 0103\n")
    assert [each.line for each in refused.value.findings] == [2, 3, 4, 4]
    assert "no telephone number" in refused.value.findings[0].text


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "no column"), ("voornaam\nJan\n", "no column"), ("naam\n", "nobody"), ('naam\n"Jan\n', "no CSV")],
)
def test_file_that_is_no_directory_is_refused(text: str, said: str) -> None:
    with pytest.raises(EmployeeFileRefused, match=said):
        read_csv(text)


def test_demo_site_has_employees_with_numbers_that_nobody_has() -> None:
    employees = read_csv(DEMO.read_text(encoding="utf-8"))
    assert len(employees) > 50
    assert all(number.startswith("+317155501") for each in employees for number in each.numbers)
