"""Files that were sent to an office, by all that a cell of a table may call them."""

from collections.abc import Iterable
from itertools import batched
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import RefusedError
from inspection.batch.sources import is_object
from inspection.records.tables.flights import Upload, UploadState

_IN_ONE_QUESTION: Final = 400


class OfficeFiles:
    """Uploads that some cells name; each is asked of the records once for all of them."""

    def __init__(self, session: Session, words: Iterable[str]) -> None:
        self._by_word: dict[str, list[Upload]] = {}
        for one in _uploads(session, set(words)):
            for word in (one.name, one.claimed_sha256, str(one.id)):
                self._by_word.setdefault(word, []).append(one)

    def of(self, word: str, permit: UUID, *, column: str) -> Upload:
        """
        The one file of a permit, or of none, that is called so.

        Raises
        ------
        RefusedError
            ``batch_upload_unknown``, ``upload_unfinished``; ``batch_upload_unclear`` where files
            that differ share the name.
        """
        found = [one for one in self._by_word.get(word, ()) if one.permit_id in (None, permit)]
        if not found:
            raise RefusedError("batch_upload_unknown", column=column, name=word)
        whole = [one for one in found if one.state is UploadState.COMPLETE]
        if not whole:
            raise RefusedError("upload_unfinished")
        if len({one.claimed_sha256 for one in whole}) > 1:
            raise RefusedError("batch_upload_unclear", column=column, name=word)
        return whole[-1]


def word_of(cell: str) -> str:
    """The name, hash or id that a cell gives: of a path the file alone, of an object its hash."""
    if is_object(cell):
        return cell.rpartition(":")[2].partition("/")[0]
    return cell.replace("\\", "/").rpartition("/")[2]


def _uploads(session: Session, words: set[str]) -> list[Upload]:
    found: dict[UUID, Upload] = {}
    for some in batched(sorted(words), _IN_ONE_QUESTION):
        ids = [UUID(word) for word in some if _is_id(word)]
        asked = select(Upload).where(
            Upload.name.in_(some) | Upload.claimed_sha256.in_(some) | Upload.id.in_(ids)
        )
        found |= {one.id: one for one in session.scalars(asked)}
    return sorted(found.values(), key=lambda one: (one.created_at, one.id))


def _is_id(word: str) -> bool:
    try:
        return str(UUID(word)) == word
    except ValueError:
        return False
