"""Pages of constant cost: the next one begins where the last one ended, not at a number."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, Uuid, literal, tuple_
from sqlalchemy.orm import Session

from geo.errors import RefusedError
from inspection.records.columns import Instant, instant_from, text_of
from inspection.records.tables.base import Record

LARGEST: Final = 200


@dataclass(frozen=True, kw_only=True)
class Page[Row]:
    """Some rows in order, and where the next page begins."""

    rows: Sequence[Row]
    after: str | None
    """To be given back for the next page; None where there is none."""


def page[Row: Record](
    session: Session,
    asked: Select[Row],
    kind: type[Row],
    *,
    size: int,
    after: str | None = None,
    oldest_first: bool = False,
) -> Page[Row]:
    """
    One page of what is asked, which is about rows of one kind; the newest first, or the oldest.

    Raises
    ------
    RefusedError
        ``page_unknown`` if `after` is nothing that a page gave; ``page_size`` if more rows
        are asked for than a page holds, or none.
    """
    if not 1 <= size <= LARGEST:
        raise RefusedError("page_size", limit=LARGEST)
    key = tuple_(kind.created_at, kind.id)
    if after is not None:
        at, name = _place(after)
        place = tuple_(literal(at, Instant()), literal(name, Uuid()))
        asked = asked.where(key > place if oldest_first else key < place)
    order = (kind.created_at, kind.id)
    in_order = asked.order_by(*(order if oldest_first else (one.desc() for one in order)))
    rows = session.scalars(in_order.limit(size + 1)).all()
    shown = rows[:size]
    return Page(rows=shown, after=_mark(shown[-1]) if len(rows) > size else None)


def _mark(row: Record) -> str:
    return base64.urlsafe_b64encode(f"{text_of(row.created_at)} {row.id}".encode()).decode()


def _place(mark: str) -> tuple[datetime, UUID]:
    try:
        at, name = base64.urlsafe_b64decode(mark.encode()).decode().split(" ")
        return instant_from(at), UUID(name)
    except ValueError as error:
        raise RefusedError("page_unknown") from error
