"""One byte form for every document that is hashed (RFC 8785)."""

import json
from pathlib import Path
from typing import Any

import rfc8785

from geo.errors import RefusedError

_HIGH_LETTERS = 0xEE
"""First byte, in UTF-8, of letters from U+E000 on."""

_FEW_DIGITS = 15


def canonical_bytes(document: Any) -> bytes:  # noqa: ANN401 - whatever JSON holds
    """The document as canonical JSON: same values, same bytes, on every machine."""
    return rfc8785.dumps(document)


def is_exact(document: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    """Whether JSON can carry the document exactly: no number beyond its range, none infinite."""
    try:
        canonical_bytes(document)
    except (rfc8785.CanonicalizationError, RecursionError):
        return False
    return True


def read_canonical(path: Path) -> Any:  # noqa: ANN401 - whatever JSON holds
    """
    Read a document and require that its bytes are the canonical ones.

    Raises
    ------
    RefusedError
        ``document_unreadable`` if it is no JSON; ``document_not_canonical`` if its bytes
        are not the ones its values have, so that it was written by something else.
    """
    return from_canonical(path.read_bytes())


def from_canonical(content: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    """
    Read a document from its bytes and require that they are the canonical ones.

    Raises
    ------
    RefusedError
        As `read_canonical`.
    """
    try:
        return _surely_canonical(content)
    except (ValueError, RecursionError):
        pass  # perhaps it is none; perhaps only the quick way cannot tell
    try:
        document = json.loads(content)
        same = canonical_bytes(document) == content
    except (ValueError, RecursionError, rfc8785.CanonicalizationError) as error:
        raise RefusedError("document_unreadable") from error
    if not same:
        raise RefusedError("document_not_canonical")
    return document


def _surely_canonical(content: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    """
    Read a document in the quick way, by which most of a long log is read.

    What Python writes is canonical where no number is a fraction or beyond what doubles count
    exactly, and no letter lies so high that UTF-16 puts it in another order.

    Raises
    ------
    ValueError
        If the bytes are not canonical, or this way cannot tell.
    """
    if not content.isascii() and max(content) >= _HIGH_LETTERS:
        raise ValueError("letters")
    document = _READS.decode(content.decode())
    if _WRITES.encode(document).encode() != content:
        raise ValueError("written otherwise")
    return document


def _refuse(digits: str) -> float:
    raise ValueError(digits)


def _small(digits: str) -> int:
    if len(digits) > _FEW_DIGITS:
        raise ValueError(digits)
    return int(digits)


_READS = json.JSONDecoder(parse_float=_refuse, parse_int=_small)
_WRITES = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)
