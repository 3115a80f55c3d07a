"""From what was read of an export to what is brought to the record."""

from dataclasses import asdict
from typing import Final

from geo.crs import LONLAT
from inspection.exchange.permits.imported import (
    Candidate,
    Outline,
    PermitImport,
    Reading,
    Step,
    Value,
)
from inspection.exchange.permits.merging import merged
from inspection.exchange.permits.vocabulary import Key
from inspection.language import Json
from inspection.records.brought import (
    BroughtFile,
    BroughtOutline,
    BroughtPermit,
    BroughtStep,
    BroughtValue,
)
from inspection.records.tables.permits import BoundaryStage

IDENTIFYING: Final = (
    Key.LICENCE_ID,
    Key.APPLICATION_ID,
    Key.APPLICATION_NUMBER,
    Key.AREA_CODE,
)
"""Names that no two permits share; a decree, a project and a business may have several."""

AROUND: Final = (Key.PERMIT_NUMBER, Key.PROJECT_ID, Key.BUSINESS_ID)
"""The others, the narrowest first: what names no permit is about all that share such a name."""


def brought_file(reading: Reading) -> BroughtFile:
    """The file that was read, as the record names it."""
    origin = reading.origin
    return BroughtFile(
        sha256=origin.sha256,
        name=origin.file,
        source=origin.system,
        mapping=f"{origin.mapping} {origin.mapping_sha256[:12]}",
        identifying=tuple(str(key) for key in IDENTIFYING),
        around=tuple(str(key) for key in AROUND),
    )


def brought_permits(reading: Reading, *, stage: BoundaryStage) -> list[BroughtPermit]:
    """
    The permits that were read, except those that have no name; their outlines are of a stage.

    What one file says of a project or a business is said of each of its permits.
    """
    return [_permit(one, stage) for one in merged(reading.permits) if any(one.keys.values())]


def _permit(read: PermitImport, stage: BoundaryStage) -> BroughtPermit:
    names = [(str(key), str(one.value)) for key in Key for one in read.keys.get(key, ())]
    return BroughtPermit(
        reference=names[0][1],
        names=tuple(dict.fromkeys(names)),
        values=tuple(
            _value(str(field), one) for field, said in read.values.items() for one in said
        ),
        steps=tuple(_step(one) for one in read.steps),
        # Of several that differ none is preferred: a person chooses one.
        outline=None if read.outlines_differ else _outline(read.outlines, stage),
    )


def _step(read: Step) -> BroughtStep:
    return BroughtStep(
        source=read.origin.system,
        code=read.code,
        name=read.name,
        status=read.status,
        state=str(read.state) if read.state else None,
        meaning=str(read.meaning) if read.meaning else None,
        began=read.began,
        ended=read.ended,
        counts=read.counts,
        where=read.where,
    )


def _value(field: str, read: Value) -> BroughtValue:
    held: Json = read.value if not isinstance(read.value, tuple) else _plain(read.value)
    note: dict[str, Json] = {"written": read.written}
    if read.meaning is not None:
        note["meaning"] = read.meaning
    if read.vocabulary is not None:
        note["vocabulary"] = read.vocabulary
    return BroughtValue(
        source=read.origin.system, field=field, value=held, where=read.where, note=note
    )


def _plain(candidates: tuple[Candidate, ...]) -> Json:
    plain: list[Json] = [
        {**asdict(one), "positions": [asdict(place) for place in one.positions]}
        for one in candidates
    ]
    return plain


def _outline(outlines: tuple[Outline, ...], stage: BoundaryStage) -> BroughtOutline | None:
    if not outlines:
        return None
    boundary = outlines[0].boundary
    return BroughtOutline(
        shape=boundary.on(LONLAT),
        sha256=outlines[0].sha256,
        stated_crs=boundary.crs.to_string(),
        area_m2=boundary.area_m2,
        stage=stage,
    )
