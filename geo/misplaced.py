"""Errors about a place, with the readings of the same numbers that would mend it."""

from collections.abc import Iterator
from contextlib import contextmanager

import shapely

from geo.boundary import Boundary
from geo.crs import LONLAT
from geo.crs_detective import NOTHING, offers
from geo.errors import RefusedError

SIDES = ("left", "bottom", "right", "top")
"""Facts of an error that name the box of the numbers that nobody could place."""


@contextmanager
def offering(boundary: Boundary | None) -> Iterator[None]:
    """
    Let an error about an image without a place name the systems that would put it on a permit.

    Parameters
    ----------
    boundary
        The permit; nothing is offered without one.

    Raises
    ------
    RefusedError
        What was raised, with the fact ``candidates`` as `geo.crs_detective.offers` tells it
        where the error has the box of the image's numbers; nothing is ever applied.
    """
    try:
        yield
    except RefusedError as error:
        waits = error.facts.get("candidates") == NOTHING and error.facts.keys() >= {*SIDES}
        if waits and boundary is not None:
            left, bottom, right, top = (float(error.facts[side]) for side in SIDES)
            image = shapely.box(left, bottom, right, top)
            error.facts["candidates"] = offers(image, None, boundary.on(LONLAT))
        raise
