"""Short keys by which a record system fetches the light paper of one report, and nothing else."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select

from inspection.delivery.reads import deed_on
from inspection.errors import AbsentError
from inspection.records.audit import record
from inspection.records.columns import now
from inspection.records.store import Records
from inspection.records.tables.delivery import FetchToken
from inspection.records.tables.reports import LIGHT_PAPER, Report

LASTS: Final = timedelta(hours=1)
_BYTES: Final = 32
LONGEST: Final = 64


@dataclass(frozen=True, kw_only=True)
class Key:
    """A key that was made just now; only its hash is kept."""

    secret: str
    expires_at: datetime


def make_key(records: Records, office: UUID, report_id: UUID) -> Key:
    """Make a key to one report; those whose time is over are forgotten."""
    key = Key(secret=secrets.token_urlsafe(_BYTES), expires_at=now() + LASTS)
    with records.writing(office) as session:
        session.execute(delete(FetchToken).where(FetchToken.expires_at < now()))
        session.add(
            FetchToken(
                report_id=report_id, secret_sha256=_digest(key.secret), expires_at=key.expires_at
            )
        )
    return key


def fetched(records: Records, secret: str) -> Report:
    """
    The report that a key is for; that its paper is read is on the record.

    Raises
    ------
    AbsentError
        ``absent`` if there is no such key, or its time is over.
    """
    with records.reading_all() as session:
        asked = select(FetchToken).where(
            FetchToken.secret_sha256 == _digest(secret), FetchToken.expires_at > now()
        )
        key = session.scalars(asked).one_or_none()
    if key is None:
        raise AbsentError("absent")
    with records.writing(key.office_id) as session:
        report = session.get_one(Report, key.report_id)
        sha256 = None if report.light_sha256 is None else report.light_sha256
        deed = deed_on("report", report.id, name=LIGHT_PAPER, sha256=sha256)
        deed.facts["key"] = str(key.id)
        record(session, deed, actor=None)
    return report


def _digest(secret: str) -> str:
    # Long and random: a plain hash is enough.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
