"""Permits are found by who holds them too."""

from collections import defaultdict
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

FIELD: Final = "holder_name"


def upgrade() -> None:
    """Take the step."""
    permits = sa.table("permits", sa.column("id", sa.Uuid()), sa.column("words", sa.Text()))
    connection = op.get_bind()
    said: dict[UUID, set[str]] = defaultdict(set)
    for name in ("imported_values", "corrections"):
        rows = sa.table(
            name,
            sa.column("permit_id", sa.Uuid()),
            sa.column("field", sa.String()),
            sa.column("value", sa.JSON()),
        )
        asked = sa.select(rows.c.permit_id, rows.c.value).where(rows.c.field == FIELD)
        for permit_id, value in connection.execute(asked):
            if isinstance(value, str):
                said[permit_id].update(value.casefold().split())
    known = connection.execute(sa.select(permits.c.id, permits.c.words)) if said else ()
    more = [
        {"the_id": permit_id, "all_words": " ".join(sorted({*words.split(), *said[permit_id]}))}
        for permit_id, words in known
        if permit_id in said
    ]
    if more:
        change = permits.update().where(permits.c.id == sa.bindparam("the_id"))
        connection.execute(change.values(words=sa.bindparam("all_words")), more)
