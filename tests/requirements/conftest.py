"""Requirements that only real calls can show are shown on the stage of the system tests."""

from tests.system.conftest import stage, system_engine, trunk

__all__ = ["stage", "system_engine", "trunk"]
