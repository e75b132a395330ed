"""Alembic migrations; `cxcore.storage.engine.migrate` runs them."""
