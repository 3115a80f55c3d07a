"""What the storage says when it fails, as errors with codes."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError

from geo.errors import UnfinishedError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_DENIED = (errno.EACCES, errno.EPERM, errno.EROFS)


@contextmanager
def folder_faults() -> Iterator[None]:
    """Tell a disk that is full, a folder that may not be written and a failing disk apart."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise UnfinishedError("disk_full") from error
        if error.errno in _DENIED:
            raise UnfinishedError("storage_denied") from error
        raise UnfinishedError("storage_failed") from error


@contextmanager
def bucket_faults() -> Iterator[None]:
    """Tell a bucket that is closed to us from one that does not answer."""
    try:
        yield
    except (PermissionDeniedError, UnauthenticatedError) as error:
        raise UnfinishedError("storage_denied") from error
    except (BaseError, OSError) as error:
        raise UnfinishedError("object_store_failed") from error
