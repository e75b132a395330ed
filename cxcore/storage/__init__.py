"""SQLAlchemy models, one query module per subject, Alembic migrations. Start reading at `opening.py`."""

from cxcore.storage.opening import Storage, open_storage

__all__ = ["Storage", "open_storage"]
