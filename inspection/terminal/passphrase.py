"""Asking for a passphrase: on the terminal, unseen, or from the first line that is piped in."""

import getpass
import sys


def passphrase_of_person(prompt: str) -> bytes:
    """Take the passphrase of a key; it is never an argument, which other people could list."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt, stream=sys.stderr).encode()
    return sys.stdin.buffer.readline(_LONGEST).rstrip(b"\r\n")


_LONGEST = 4096
