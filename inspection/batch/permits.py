"""The permit of a row: a file, one on record, or a name that nobody here knows more of."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from geo.errors import RefusedError
from inspection.batch.asked import Given
from inspection.batch.sources import given_in, harmless, is_object
from inspection.language import Json
from inspection.objects.store import ObjectStore

type Paper = Callable[[bytes, str], Given]
"""Keeps what is known of a permit as a file of ours."""


@dataclass(frozen=True, kw_only=True)
class OnRecord:
    """What the installation's records know of a permit, as files of ours."""

    permit: Given
    boundary: Given | None


class Register(Protocol):
    """The permits on record."""

    def known(self, reference: str) -> OnRecord | None:
        """What is on record of the permit of this name; None where there is none."""
        ...


@dataclass(frozen=True, kw_only=True)
class Permits:
    """Where rows find their permits."""

    beside: Path
    objects: ObjectStore | None
    register: Register | None
    """None where no permits are on record at all."""

    paper: Paper

    def of(self, cells: Mapping[str, str]) -> tuple[dict[str, Given], RefusedError | None]:
        """
        Give the permit's record, its boundary where the records have one, and what is to be known.

        Where there are no records, a name beside a boundary is taken as it is: the result bears it,
        and holds nothing against limits. Where there are some, it is a slip of the pen.

        Raises
        ------
        RefusedError
            ``batch_permit_unknown``; as `inspection.batch.sources.given_in`.
        """
        cell = cells.get("permit")
        if cell is None:
            return {}, None
        try:
            return {
                "permit": given_in(cell, beside=self.beside, column="permit", objects=self.objects)
            }, None
        except RefusedError:
            if cell.casefold().endswith(".json") or is_object(cell):
                raise
        known = self.register.known(cell) if self.register else None
        if known is not None:
            boundary = {"boundary": known.boundary} if known.boundary else {}
            return {"permit": known.permit, **boundary}, None
        if self.register is None and "boundary" in cells:
            told = RefusedError("batch_permit_name_alone", permit=cell)
            return {"permit": permit_paper(self.paper, {"id": cell}, cell)}, told
        raise RefusedError("batch_permit_unknown", permit=cell)


def permit_paper(paper: Paper, record: Mapping[str, Json], name: str) -> Given:
    """Keep what is known of a permit as its record, in a file that is called by its name."""
    return paper(written(record), f"{harmless(name)}.json")


def written(document: Mapping[str, Json]) -> bytes:
    """A document in the one form that has one hash."""
    said = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return said.encode()
