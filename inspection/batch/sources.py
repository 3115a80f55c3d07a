"""Where a cell says that a file is: beside the table, in the object store, or behind s3://."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

import obstore

from geo.errors import RefusedError, about
from inspection.batch.asked import Given
from inspection.errors import UsageError
from inspection.objects.faults import bucket_faults
from inspection.objects.location import bucket_at
from inspection.objects.store import CHUNK_BYTES, ObjectStore, is_hash
from inspection.settings import Settings

BUCKET: Final = "s3://"
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_OBJECT: Final = re.compile(r"(?:object:|sha256:)?([0-9a-f]{64})(?:/(.+))?")
_UNFIT: Final = re.compile(r"[\x00-\x1f\x7f/\\]")


def given_in(cell: str, *, beside: Path, column: str, objects: ObjectStore | None) -> Given:
    """
    Say which file a cell means; nothing is read but that it is there.

    Parameters
    ----------
    cell
        A path, relative to the folder `beside`; the hash of an object, perhaps with the name of
        its file behind a slash; an address ``s3://bucket/key``.
    column
        What the file is to the row.
    objects
        The installation's object store; None where there is none.

    Raises
    ------
    RefusedError
        ``batch_file_missing``, ``batch_file_unreadable``, ``batch_source_unknown``,
        ``batch_objects_absent``; ``object_missing``.
    """
    if cell.startswith(BUCKET):
        name = PurePosixPath(unquote(urlsplit(cell).path)).name
        if not name:
            raise RefusedError("batch_source_unknown", column=column)
        return Given(kind="s3", source=cell, name=harmless(name), mark="")
    if _SCHEME.match(cell):
        raise RefusedError("batch_source_unknown", column=column)
    if (found := _OBJECT.fullmatch(cell)) is not None:
        if objects is None:
            raise RefusedError("batch_objects_absent", column=column)
        sha256 = found[1]
        objects.stored(sha256)
        name = harmless(found[2] or column)
        return Given(kind="object", source=sha256, name=name, mark=sha256)
    return _local(cell, beside, column)


def _local(cell: str, beside: Path, column: str) -> Given:
    for written in _ways(cell):
        with suppress(OSError, ValueError):
            path = beside / Path(written)
            status = path.stat()
            if not path.is_file():
                raise RefusedError("batch_file_unreadable", column=column, name=path.name)
            mark = f"{status.st_size}:{status.st_mtime_ns}"
            return Given(kind="file", source=str(path.absolute()), name=path.name, mark=mark)
    name = PurePosixPath(cell.replace("\\", "/")).name or cell
    raise RefusedError("batch_file_missing", column=column, name=name)


def _ways(cell: str) -> Iterator[str]:
    """Ways in which the same name is written by other machines."""
    tried = set[str]()
    for slashed in (cell, cell.replace("\\", "/")):
        for form in (slashed, *(unicodedata.normalize(kind, slashed) for kind in ("NFC", "NFD"))):
            if form not in tried:
                tried.add(form)
                yield form


def brought(given: Given, folder: Path, *, objects: ObjectStore | None, settings: Settings) -> Path:
    """
    Have a file at hand: a local one where it is, any other as a copy in the folder.

    Raises
    ------
    RefusedError
        ``object_missing``, ``batch_source_absent`` where the bucket has no such key,
        ``batch_source_unknown``.
    UnfinishedError
        ``object_store_failed``, ``disk_full`` …
    """
    with about(given.name):
        if given.kind == "file":
            return Path(given.source)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / given.name
        with path.open("wb") as copy:
            if given.kind == "s3":
                copy.writelines(_of_bucket(given.source, settings))
            elif objects is None:
                raise RefusedError("batch_objects_absent", column=given.name)
            else:
                copy.writelines(objects.stream(given.source))
        return path


def _of_bucket(address: str, settings: Settings) -> Iterator[bytes]:
    parts = urlsplit(address)
    key = unquote(parts.path).lstrip("/")
    own = settings.objects or ""
    query = parts.query or (urlsplit(own).query if own.startswith(BUCKET) else "")
    secret = settings.objects_secret
    try:
        bucket = bucket_at(
            f"{BUCKET}{parts.netloc}" + (f"?{query}" if query else ""),
            key_id=settings.objects_key_id,
            secret=None if secret is None else secret.get_secret_value(),
        )
    except UsageError as error:
        raise RefusedError("batch_source_unknown", column="s3") from error
    with bucket_faults():
        try:
            size = obstore.head(bucket, key)["size"]
        except FileNotFoundError:
            raise RefusedError("batch_source_absent", where=address) from None
    # Piece by piece, so that a connection that breaks costs one piece and not the whole.
    for start in range(0, size, CHUNK_BYTES):
        length = min(CHUNK_BYTES, size - start)
        with bucket_faults():
            yield obstore.get_range(bucket, key, start=start, length=length).to_bytes()


def is_object(cell: str) -> bool:
    """Whether a cell names an object by its hash."""
    found = _OBJECT.fullmatch(cell)
    return found is not None and is_hash(found[1])


def harmless(name: str) -> str:
    """A name that is one of a file, wherever it is put."""
    return _UNFIT.sub("-", name).strip(". ")[-120:] or "file"
