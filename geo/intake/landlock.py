"""Landlock: this process gives up every file and connection that its job does not need."""

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Final

# Linux numbers them alike on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_RULE_PATH_BENEATH = 1
_SET_NO_NEW_PRIVILEGES = 38

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_FILE, _MAKE_FILE, _TRUNCATE = 1 << 5, 1 << 8, 1 << 14
_ON_FILES: Final = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_READ: Final = _READ_FILE | _READ_DIR
_WRITE: Final = _READ | _WRITE_FILE | _REMOVE_FILE | _MAKE_FILE | _TRUNCATE

_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NEWEST_KNOWN = 5
_NETWORK_SINCE, _SCOPES_SINCE = 4, 6
_ALL_TCP = 0b11
_ALL_SCOPES = 0b11


def version() -> int:
    """Version of Landlock that the kernel offers; zero where it offers none."""
    offered: int = _libc().syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)
    return max(offered, 0)


def confine(*, readable: Iterable[Path], writable: Iterable[Path]) -> bool:
    """
    Take from this process, for good, all files but the named ones and all TCP.

    Files opened before stay open. Names that do not exist are passed over.

    Parameters
    ----------
    readable
        Files and folders that may be read, with all that is in them.
    writable
        Folders in which files may be made, changed and removed too.

    Returns
    -------
    bool
        False, and nothing is taken, where the kernel has no Landlock.

    Raises
    ------
    OSError
        If the kernel has Landlock but refuses the rules.
    """
    offered = version()
    if not offered:
        return False
    libc = _libc()
    handled = (1 << _FILE_RIGHTS[min(offered, _NEWEST_KNOWN)]) - 1
    attributes = struct.pack(
        "QQQ",
        handled,
        _ALL_TCP if offered >= _NETWORK_SINCE else 0,
        _ALL_SCOPES if offered >= _SCOPES_SINCE else 0,
    )
    size = 24 if offered >= _SCOPES_SINCE else 16 if offered >= _NETWORK_SINCE else 8
    ruleset = _checked(libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(size), 0))
    try:
        for path in readable:
            _allow(ruleset, path, _READ & handled)
        for path in writable:
            _allow(ruleset, path, _WRITE & handled)
        _checked(libc.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
        _checked(libc.syscall(_RESTRICT_SELF, ruleset, 0))
    finally:
        os.close(ruleset)
    return True


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not path.is_dir():
            rights &= _ON_FILES
        rule = struct.pack("=Qi", rights, place)
        _checked(_libc().syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, 0))
    finally:
        os.close(place)


def _checked(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
