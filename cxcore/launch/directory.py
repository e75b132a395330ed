"""`cx directory import FILE`: the employees that agents find, from a CSV or YAML file."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import yaml

from cxcore.config import Settings
from cxcore.domain.employee_files import COLUMNS, EmployeeFileRefused, Finding, read_csv, read_rows
from cxcore.domain.employees import Employee
from cxcore.launch.recordings import CANNOT, DONE, OPERATOR
from cxcore.ports.audit import AuditResult
from cxcore.ports.contact_log import LogUnavailable
from cxcore.runner.clock import SystemClock
from cxcore.storage import open_storage

YAML_SUFFIXES = (".yml", ".yaml")


def import_file(settings: Settings, file: Path) -> int:
    """Let the employees in the file be the directory; 0, or 2 when nothing was changed, and why is said."""
    try:
        employees = read_file(file)
        with closing(open_storage(settings.database_url, settings.site.state / "held-facts-of-directory")) as storage:
            before = storage.employees.count()
            storage.employees.replace_all(employees)
            told = f"employees={len(employees)} before={before}"
            storage.audit.record(OPERATOR, "import-directory", told, AuditResult.DONE, "", SystemClock().now())
    except EmployeeFileRefused as refusal:
        sys.stderr.writelines(f"{file}:{each.line}: {each.text}\n" for each in refusal.findings)
        sys.stderr.write("nothing was changed\n")
        return CANNOT
    except LogUnavailable as refusal:
        sys.stderr.write(f"{refusal}\n")
        return CANNOT
    sys.stdout.write(f"{len(employees)} employees in the directory; there were {before}\n")
    return DONE


def fill_at_first_start(settings: Settings) -> None:
    """Where a file DIALPLAN.employees.csv stands beside the dialplan, as for the demo site, import it once."""
    file = settings.site.dialplan.with_suffix(".employees.csv")
    done = settings.site.state / "directory-filled"
    if file.is_file() and not done.exists() and import_file(settings, file) == DONE:
        done.touch()


def read_file(file: Path) -> list[Employee]:
    """The employees in a file. Raises `EmployeeFileRefused`."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise EmployeeFileRefused([Finding(1, "this is not UTF-8; save it as CSV UTF-8")]) from None
    except OSError as error:
        raise EmployeeFileRefused([Finding(1, f"{error.strerror}; name a file that can be read")]) from error
    return _read_yaml(text) if file.suffix.lower() in YAML_SUFFIXES else read_csv(text)


def _read_yaml(text: str) -> list[Employee]:
    """A list of mappings with the keys of `COLUMNS`; numbers in quotes, or their first 0 is lost."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise EmployeeFileRefused([Finding(line, f"this is no YAML: {error.problem}")]) from None
    if not isinstance(node, yaml.SequenceNode):
        raise EmployeeFileRefused([Finding(1, f"a list of employees is needed, each with {', '.join(COLUMNS)}")])
    return read_rows([_yaml_row(each) for each in node.value])


def _yaml_row(node: yaml.Node) -> tuple[int, dict[str, str]]:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        raise EmployeeFileRefused([Finding(line, "an employee is written as `- name: …`")])
    row: dict[str, str] = {}
    for key, value in node.value:
        at = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or key.value not in COLUMNS:
            raise EmployeeFileRefused([Finding(at, f"{key.value!s:.40} is unknown; use {', '.join(COLUMNS)}")])
        if not isinstance(value, yaml.ScalarNode):
            raise EmployeeFileRefused([Finding(at, f"{key.value} is one text")])
        if value.value.strip():
            row[key.value] = value.value.strip()
    return line, row
