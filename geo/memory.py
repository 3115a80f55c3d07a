"""Memory: what large passing arrays took is given back to the machine."""

import ctypes


def give_back() -> None:
    """
    Return memory that is free but still held.

    Where arrays of many sizes come and go, the C library keeps the gaps between them for the
    next ones; several hundred megabytes of it would count as ours at the next step's peak.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of glibc alone
    if trim is not None:
        trim(ctypes.c_size_t(0))
