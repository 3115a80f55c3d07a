"""What an import brings to the record, whatever file it was read from."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from inspection.exchange.permits.vocabulary import Field
from inspection.language import Json
from inspection.records.tables.permits import BoundaryStage

type Name = tuple[str, str]
"""Kind and value of a name by which a system knows a permit."""


@dataclass(frozen=True, kw_only=True)
class BroughtValue:
    """One value, and where it stands written."""

    source: str
    """The system that says so."""

    field: str
    value: Json
    where: str
    note: dict[str, Json] | None = None
    """What else is known of it: as it was written, what a code means, from which list it is."""

    stated_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class BroughtOutline:
    """A boundary that came along."""

    shape: BaseGeometry
    """In longitude and latitude."""

    sha256: str
    stated_crs: str
    area_m2: float
    stage: BoundaryStage


@dataclass(frozen=True, kw_only=True)
class BroughtStep:
    """One step of an application, and where it stands written."""

    source: str
    code: str | None
    name: str | None
    status: str | None
    state: str | None
    meaning: str | None
    began: str | None
    ended: str | None
    counts: bool
    where: str

    @property
    def told(self) -> dict[str, Any]:
        """What the record keeps of it, by column."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @property
    def likeness(self) -> tuple[str | None, ...]:
        """What two tellings have in common that say the same."""
        return likeness_of(self)


def likeness_of(step: Any) -> tuple[str | None, ...]:  # noqa: ANN401 - a step, brought or kept
    """What a step says, wherever it stands."""
    return (step.source, step.code, step.name, step.status, step.began, step.ended)


@dataclass(frozen=True, kw_only=True, eq=False)
class BroughtPermit:
    """All that one import says of one permit."""

    reference: str
    """What the office will call it, should it be new."""

    names: tuple[Name, ...]
    values: tuple[BroughtValue, ...]
    outline: BroughtOutline | None = None
    steps: tuple[BroughtStep, ...] = ()


SEARCHED: Final = frozenset(
    {
        Field.ACTIVITY,
        Field.COMMODITY,
        Field.DISTRICT,
        Field.HOLDER_NAME,
        Field.LOCATION,
        Field.PERMIT_NAME,
        Field.PERMIT_TYPE,
        Field.PROJECT_NAME,
        Field.PROVINCE,
        Field.REGENCY,
        Field.VILLAGE,
    }
)
"""Fields by whose words a permit is found: what and where it is, and who holds it."""


def words_of(brought: BroughtPermit, before: str) -> str:
    """Words by which a permit is found; what it was called before finds it still."""
    said = [brought.reference, *(value for _, value in brought.names)]
    said += [str(one.value) for one in brought.values if one.field in SEARCHED and one.value]
    return with_words(before, *said)


def with_words(before: str, *said: str) -> str:
    """The words of before, and those that are said besides, in small letters."""
    words = {word for one in said for word in one.casefold().split()}
    return " ".join(sorted({*before.split(), *words}))


@dataclass(frozen=True, kw_only=True)
class BroughtFile:
    """The file, and how it was read."""

    sha256: str
    name: str
    source: str
    mapping: str
    """Name and version of the mapping."""

    identifying: tuple[str, ...]
    """Kinds of names that no two permits share; the others tell only what they have in common."""

    around: tuple[str, ...] = ()
    """Kinds of names that permits may share, the narrowest first: decree, project, business."""
