"""What a name may have been meant for that a mapping does not ask for: said, never taken."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

from geo.vector.label import plain_name

_LIKE: Final = 0.75


def likely(names: Iterable[str], asked: Iterable[str]) -> Mapping[str, str]:
    """
    The name that is asked for and most like each of these, where one is.

    Examples
    --------
    >>> likely(["Holder", "commodty", "weather"], ["holder_name", "commodity"])
    {'Holder': 'holder_name', 'commodty': 'commodity'}
    """
    known = {plain_name(name.split(".")[-1]): name for name in asked}
    found: dict[str, str] = {}
    for name in names:
        plain = plain_name(name)
        words = set(plain.split("_"))
        longer = [one for one in known if plain and words < set(one.split("_"))]
        close = sorted(longer, key=len) or get_close_matches(plain, known, n=1, cutoff=_LIKE)
        if close:
            found[name] = known[close[0]]
    return found
