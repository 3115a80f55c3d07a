"""Permits from a layer of outlines: each feature's notes by the mapping, and its boundary."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import shapely

from geo.boundary import boundary_of
from geo.choice import chosen
from geo.errors import RefusedError
from geo.fault import Faulty
from geo.intake.outlines import read_outlines
from geo.refusal import boundary_refusal
from geo.vector.label import VALUE_LENGTH, plain_name
from geo.vector.written import Feature, Written
from inspection.exchange.permits.imported import Outline, PermitImport
from inspection.exchange.permits.mapping import Mapping
from inspection.exchange.permits.records import Record, repeatable
from inspection.exchange.permits.taking import Found, Look, Taker
from inspection.problem import refusal, warning

_MOST_VERTICES: Final = 2_000_000
_BARE: Final = ".shp"


def read_features(path: Path) -> Written:
    """
    All features of a layer, in any form of `geo.intake.form.Form`.

    Raises
    ------
    RefusedError
        ``import_shapefile_bare``: what belongs to it lies in other files, which no hash covers.
    Unfit, Faulty
        What the form's reader finds.
    """
    if path.suffix.lower() == _BARE:
        raise RefusedError("import_shapefile_bare")
    return read_outlines(path, subject="import", most_vertices=_MOST_VERTICES)


def features_of(
    written: Written, mapping: Mapping, passed_over: Counter[str], dropped: Counter[str]
) -> Iterator[tuple[Record, Feature]]:
    """Records of the features, less what is personal."""
    (rule,) = mapping.record.values()
    known = {plain_name(name) for name in rule.names()}
    for number, feature in enumerate(written.features, 1):
        notes = {plain_name(name): value for name, value in feature.properties.items()}
        for name in mapping.unwanted & notes.keys():
            dropped[name] += notes.pop(name) != ""
        passed_over.update(
            repeatable(name)
            for name, value in feature.properties.items()
            if value and plain_name(name) not in known | mapping.unwanted
        )
        where = f"feature {number}"
        yield Record(rule=rule, look=_look(notes, where), where=where), feature


def _look(notes: dict[str, str], where: str) -> Look:
    def look(name: str) -> list[Found]:
        plain = plain_name(name)
        return [(f"{where}, {plain}", notes[plain])] if plain in notes else []

    return look


def with_outline(
    permit: PermitImport, written: Written, feature: Feature, taker: Taker, where: str
) -> PermitImport:
    """Add the boundary, or why there is none; what was cut short on the way is told."""
    problems = list(permit.problems)
    cut = sum(len(value) >= VALUE_LENGTH for value in feature.properties.values())
    if cut:
        problems.append(warning("import_text_cut", value=cut, limit=VALUE_LENGTH, where=where))
    outlines: tuple[Outline, ...] = ()
    try:
        boundary = boundary_of(written, chosen([feature], 1), crs=None)
        content = shapely.to_wkb(boundary.shape, byte_order=1, output_dimension=2)
        digest = hashlib.sha256(content + boundary.crs.to_wkt().encode()).hexdigest()
        # What the feature notes beside its outline was taken over, or left out, above.
        bare = replace(boundary, label=None, properties={})
        outlines = (Outline(boundary=bare, sha256=digest, where=where, origin=taker.origin),)
    except (Faulty, RefusedError) as error:
        refused = boundary_refusal(error) if isinstance(error, Faulty) else error
        told = refusal(refused)
        problems.append(replace(told, where=", ".join(filter(None, (where, told.where)))))
    return replace(permit, outlines=outlines, problems=tuple(problems))
