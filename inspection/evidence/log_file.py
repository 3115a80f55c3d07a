"""An exported log, and heads that were kept elsewhere, as files: read with bounds, for anybody."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from geo.errors import RefusedError, naming
from inspection.evidence.head import SignedHead, head_from

LONGEST: Final = 4 * 2**20
"""Of one line; no event of ours comes near it."""

HEAD_FILES: Final = "audit-head-*.json"
"""How heads are called that the service puts in a second place."""

LARGEST_HEAD: Final = 64 * 1024
_OURS: Final = (b'{"event"', b'{"head"')


def is_log(path: Path) -> bool:
    """Whether a file is an exported log, and no report on paper; also where it is empty."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(1) in (b"{", b"")


def require_exported(path: Path) -> None:
    """
    Refuse a file that has nothing of a log in it; one that was damaged still has something.

    Raises
    ------
    RefusedError
        ``audit_log_empty``, ``audit_log_not_ours``.
    """
    if path.stat().st_size == 0:
        raise RefusedError("audit_log_empty")
    if not any(line.startswith(_OURS) for line in log_lines(path)):
        raise RefusedError("audit_log_not_ours")


def log_lines(path: Path) -> Iterator[bytes]:
    """Lines of a log; one that is longer than any of ours comes in pieces, which are none."""
    with path.open("rb") as file:
        while line := file.readline(LONGEST):
            yield line.removesuffix(b"\n")


def heads_in(paths: Iterable[Path]) -> Iterator[SignedHead]:
    """
    Heads that were kept elsewhere: files, or folders of them.

    Raises
    ------
    RefusedError
        ``audit_head_unreadable`` if a file is none; ``audit_heads_absent`` if a folder has none.
    """
    for path in paths:
        with naming(path):
            files = sorted(path.glob(HEAD_FILES)) if path.is_dir() else [path]
        if not files:
            with naming(path):
                raise RefusedError("audit_heads_absent")
        for file in files:
            with naming(file):
                yield _head(file)


def _head(path: Path) -> SignedHead:
    with path.open("rb") as file:
        content = file.read(LARGEST_HEAD)
    try:
        return head_from(content.strip())
    except RefusedError as error:
        raise RefusedError("audit_head_unreadable") from error
