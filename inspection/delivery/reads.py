"""That restricted files were read, and by whom: on the record before a byte is given."""

import threading
import time
from collections import OrderedDict
from typing import Final
from uuid import UUID

from inspection.language import Json
from inspection.records.audit import Deed, record
from inspection.records.store import Records

ONE_READING_S: Final = 600.0
"""Parts of one file that one person asks for so soon after one another are one reading."""

_MOST_REMEMBERED: Final = 10_000


def deed_on(kind: str, subject: UUID, *, name: str, sha256: str | None) -> Deed:
    """That a file of something was read; without a hash, all of them."""
    facts: dict[str, Json] = {"file": name}
    if sha256 is not None:
        facts["sha256"] = sha256
    return Deed(action="file.read", subject_kind=kind, subject_id=str(subject), facts=facts)


class Reads:
    """Puts readings on the record; a map that fetches a picture piece by piece reads it once."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._lock = threading.Lock()
        self._since: OrderedDict[tuple[UUID, str, str], float] = OrderedDict()

    def note(self, office: UUID, by: UUID, deed: Deed, *, is_part: bool = False) -> None:
        """Put a reading on the record, unless it goes on with one that is there."""
        key = (by, deed.subject_id, str(deed.facts["file"]))
        if is_part and self._is_under_way(key):
            return
        with self._records.writing(office) as session:
            record(session, deed, actor=str(by))
        if is_part:
            self._began(key)

    def _is_under_way(self, key: tuple[UUID, str, str]) -> bool:
        with self._lock:
            since = self._since.get(key)
            return since is not None and time.monotonic() - since < ONE_READING_S

    def _began(self, key: tuple[UUID, str, str]) -> None:
        with self._lock:
            self._since[key] = time.monotonic()
            self._since.move_to_end(key)
            while len(self._since) > _MOST_REMEMBERED:
                self._since.popitem(last=False)
