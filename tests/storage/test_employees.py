"""The directory finds whom an agent means, on each database and in the fake alike."""

from __future__ import annotations

import pytest

from cxcore.domain.employees import Employee
from cxcore.ports.employees import Employees
from cxcore.storage import Storage
from tests.fakes.employees import FakeEmployees

ZOE = Employee(
    "e1", "Zoë van der Meer-Jansen", "Burgerzaken", "Consulent reisdocumenten", ("+31715550151", "+31612340151"),
    "zoe@noordwijk.example",
)  # fmt: skip
JAN = Employee("e2", "Jan Özdemir", "Bouwen en wonen", "Vergunningverlener", ("+31715550152",), agent_id="bram")
SAM = Employee("e3", "Sam Yıldız", "Bouwen en wonen", "Jurist", ("4152",))
DESK = Employee("e4", "Balie 100%", "Facilitair", "", ("+31715550152",))


@pytest.fixture(params=["fake", "real"])
def employees(request: pytest.FixtureRequest, storage: Storage) -> Employees:
    directory: Employees = FakeEmployees() if request.param == "fake" else storage.employees
    directory.replace_all([ZOE, JAN, SAM, DESK])
    return directory


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("zoe", [ZOE]),
        ("JANSEN zoë", [ZOE]),
        ("ozdem", [JAN]),
        ("meer burg", [ZOE]),
        ("vergunning", [JAN]),
        ("wonen", [JAN, SAM]),
        ("documenten", [ZOE]),
        ("071 555 01 51", [ZOE]),
        ("+31 (0)71-5550151", [ZOE]),
        ("0612", [ZOE]),
        ("4152", [SAM]),
        ("yildiz", [SAM]),
        ("100%", [DESK]),
        ("%", [DESK]),
        ("_", []),
        ("zoe wonen", []),
        ("  ", []),
    ],
)
def test_each_part_of_what_was_typed_is_found_in_any_order(
    employees: Employees, query: str, found: list[Employee]
) -> None:
    assert employees.search(query, 10) == found


def test_beginning_of_a_name_comes_before_anything_else(employees: Employees) -> None:
    employees.replace_all(
        [
            Employee("a", "Ajan Bos"),
            Employee("b", "Bo Bos", "Januari"),
            Employee("c", "Wim Janse"),
            Employee("d", "Jan Abt"),
        ]
    )
    assert [each.employee_id for each in employees.search("jan", 10)] == ["d", "c", "b", "a"]
    assert [each.employee_id for each in employees.search("jan", 2)] == ["d", "c"]


def test_number_says_whose_it_is_unless_several_have_it(employees: Employees) -> None:
    assert employees.by_numbers(["+31612340151", "+31715550152", "+31715559999"]) == {"+31612340151": ZOE}
    assert employees.by_numbers([]) == {}


def test_directory_is_replaced_as_a_whole(employees: Employees) -> None:
    employees.replace_all([SAM])
    assert (employees.count(), employees.find("e1"), employees.find("e3")) == (1, None, SAM)
    assert employees.by_numbers(["+31612340151"]) == {}
