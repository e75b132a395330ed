"""Requirements that only real calls can show are shown on the stage of the system tests; those of pages on a desk."""

from tests.system.conftest import stage, system_engine, trunk
from tests.teams.conftest import teams, teams_stage
from tests.web.conftest import desk

__all__ = ["desk", "stage", "system_engine", "teams", "teams_stage", "trunk"]
