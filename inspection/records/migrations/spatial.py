"""Outlines in a step: as PostGIS keeps them where it is there, else as plain bytes or digits."""

from typing import Any

from alembic import op
from sqlalchemy import LargeBinary, Text, text
from sqlalchemy.types import TypeEngine

from inspection.records.columns import PostgisGeometry
from inspection.records.engine import is_sqlite

_INSTALLED = "SELECT count(*) FROM pg_extension WHERE extname = 'postgis'"
_MAY_INSTALL = """
    SELECT count(*) FROM pg_available_extensions
    WHERE name = 'postgis' AND (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
"""


def outline_type() -> TypeEngine[Any]:
    """Kind of a column for outlines in the database that is being upgraded."""
    if is_sqlite(op.get_bind()):
        return LargeBinary()
    return PostgisGeometry() if _has_postgis() else Text()


def make_postgis() -> None:
    """Switch PostGIS on where it is at hand and this account may."""
    if not is_sqlite(op.get_bind()) and not _has_postgis() and _count(_MAY_INSTALL):
        op.execute("CREATE EXTENSION postgis")


def index_outlines(table: str) -> None:
    """Let PostGIS, and QGIS through it, find rows by their outlines."""
    if not is_sqlite(op.get_bind()) and _has_postgis():
        op.create_index(f"ix_{table}_outline", table, ["outline"], postgresql_using="gist")


def _has_postgis() -> bool:
    return _count(_INSTALLED) > 0


def _count(question: str) -> int:
    return int(op.get_bind().scalar(text(question)) or 0)
