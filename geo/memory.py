"""Memory: where large passing arrays lie, and what they took is given back to the machine."""

import ctypes
import gc
import math
import mmap
import os
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

IN_MEMORY_BYTES: Final = 32 << 20
"""Arrays larger than this lie in a file without a name."""

_OF_THE_C_LIBRARY: Final = {
    -8: 1,  # M_ARENA_MAX: what one thread let go serves the others too
    -3: 32 << 20,  # M_MMAP_THRESHOLD, the most it takes: below it, memory comes from its heap
    -1: 512 << 20,  # M_TRIM_THRESHOLD: what is free at the end of the heap and still kept
}
"""What `keep_free` asks for, by the numbers of glibc's malloc.h."""


def room(shape: tuple[int, ...], kind: type[np.generic], *, folder: Path | None) -> NDArray[Any]:
    """
    Room for an array of zeros: in memory where it is small, else in a file that ends with it.

    Parameters
    ----------
    shape, kind
        Of the array.
    folder
        Where the file lies; the system's own place for passing files where None.

    Raises
    ------
    OSError
        If the disk is full: found now, for later it would end the process without a word.
    """
    size = math.prod(shape) * np.dtype(kind).itemsize
    if size <= IN_MEMORY_BYTES:
        return np.zeros(shape, kind)
    with tempfile.TemporaryFile(dir=folder) as file:
        os.posix_fallocate(file.fileno(), 0, size)
        return np.memmap(file, dtype=kind, mode="r+", shape=shape)


def let_go(*arrays: NDArray[Any] | None) -> None:
    """Take arrays that lie in files out of memory; they are read again where they are asked for."""
    for array in arrays:
        if array is not None and isinstance(array.base, mmap.mmap):
            array.base.madvise(mmap.MADV_DONTNEED)


def keep_free() -> None:
    """
    Have memory that is free wait for the next array, all over this process, until `give_back`.

    Arrays of a few megabytes come and go by the thousand. Left to itself, the C library returns
    each to the machine, which must fill the next with zeros; and it keeps a heap for each thread.
    What is loaded by now is no longer looked through for garbage either: it stays to the end.
    """
    gc.freeze()
    ask = getattr(ctypes.CDLL(None), "mallopt", None)  # of glibc alone
    if ask is not None:
        for number, value in _OF_THE_C_LIBRARY.items():
            ask(number, value)


def give_back() -> None:
    """
    Return memory that is free but still held.

    Where arrays of many sizes come and go, the C library keeps the gaps between them for the
    next ones; several hundred megabytes of it would count as ours at the next step's peak.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of glibc alone
    if trim is not None:
        trim(ctypes.c_size_t(0))
