"""SQLAlchemy models, one query module per subject, Alembic migrations."""
