"""What was done to the pictures that were brought, and what was believed of them."""

import math
from collections.abc import Iterator

from inspection.model import Case, Orthophoto, Said
from inspection.provenance import Warn
from inspection.wording.catalogue import Wording


def picture_warnings(case: Case, wording: Wording) -> list[Warn]:
    """One for each thing that the reader of a picture must know."""
    flights = [flight for flight in (case.current, case.baseline) if flight]
    told = [said for flight in flights for said in _told(flight.orthophoto, wording)]
    return [
        Warn(
            code=said.key.removeprefix("warnings."),
            message=wording.sentence(said),
            facts=said.facts,
        )
        for said in told
    ]


def _told(picture: Orthophoto, wording: Wording) -> Iterator[Said]:
    name, made = picture.source.name, picture.made
    if made.scaling is not None:
        yield wording.said(
            "warnings.picture_scaled",
            name=name,
            found=made.scaling.found,
            lowest=float(f"{made.scaling.lowest:.6g}"),
            highest=float(f"{made.scaling.highest:.6g}"),
        )
    if made.collar_pixels:
        share = made.collar_pixels / math.prod(picture.grid.shape)
        for colour in made.collars:
            yield wording.said(
                f"warnings.picture_collar_{colour}", name=name, share=round(share, 6)
            )
    if picture.world_file is not None:
        yield wording.said(
            "warnings.picture_world_file", name=name, world_file=picture.world_file.name
        )
    if picture.declared_crs is not None:
        yield wording.said("warnings.picture_crs_declared", name=name, crs=picture.declared_crs)
    if (assumed := picture.assumption) is not None:
        facts = {"stated": assumed.stated, "by": assumed.by}
        done = "supplied" if assumed.stated is None else "assumed"
        nobody = "_by_nobody" if assumed.by is None else ""
        yield wording.said(
            f"warnings.crs_{done}{nobody}",
            name=name,
            crs=assumed.crs,
            **{key: fact for key, fact in facts.items() if fact is not None},
        )
