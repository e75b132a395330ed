"""Checks a site's files and tells an administrator what is wrong with them, without starting anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from cxcore.dialplan.findings import ConfigurationRefused, Finding, Severity
from cxcore.dialplan.prompts import PromptCatalogue, read_prompts
from cxcore.dialplan.reader import examine_site


def check_site(path: Path, prompts: PromptCatalogue, today: date | None = None) -> list[Finding]:
    """Everything that is wrong with the site in the file, by line, with `today` also what is past; empty when clean."""
    return examine_site(path, prompts, today=today).findings.in_order()


def check_files(
    path: Path, prompts_folder: Path, made: Path, own: Path | None = None, today: date | None = None
) -> list[Finding]:
    """The same, and what is wrong with the prompts' texts. Unreadable texts make no further errors in the site."""
    try:
        prompts = read_prompts(prompts_folder, made, own)
    except ConfigurationRefused as refused:
        return list(refused.findings)
    return check_site(path, prompts, today)


def has_errors(findings: Sequence[Finding]) -> bool:
    """Whether something stops the start."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def report(findings: Sequence[Finding]) -> str:
    """One line for each finding, `file:line:column: severity: problem → remedy`, and one that counts them."""
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    warnings = len(findings) - errors
    return "\n".join([*map(str, findings), f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')}"])


def _counted(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
