"""What was done to the pictures that were brought, and what was believed of them."""

import math
from collections.abc import Iterator

from inspection.language import Said
from inspection.model import Case, Orthophoto
from inspection.provenance import Warn
from inspection.wording.catalogue import Wording


def picture_warnings(case: Case, wording: Wording) -> list[Warn]:
    """One for each thing that the reader of a picture must know."""
    warned = []
    for flight in (case.current, case.baseline):
        if flight is not None:
            told = _told(flight.orthophoto, wording)
            warned += [
                Warn(
                    code=said.key.removeprefix("warnings."),
                    message=wording.sentence(said),
                    facts=said.facts,
                )
                for said in told
            ]
            warned += _odd(flight.orthophoto, wording)
    return warned


def _odd(picture: Orthophoto, wording: Wording) -> Iterator[Warn]:
    """What `geo.sanity` finds odd, in the words that a check has for it."""
    name = picture.source.name
    for found in picture.oddities:
        said = wording.said(
            f"warnings.{found.code}", value=found.value, limit=found.limit, **found.facts
        )
        sentence = wording.sentence(said)
        whole = wording.said("warnings.picture_place_odd", name=name, sentence=sentence)
        yield Warn(
            code=found.code, message=wording.sentence(whole), facts={"name": name, **said.facts}
        )


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
    for colour, share in made.doubted.items():
        yield wording.said(
            f"warnings.picture_collar_doubted_{colour}", name=name, share=round(share, 6)
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
