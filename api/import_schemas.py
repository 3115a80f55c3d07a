"""What is asked and answered of permits that are taken in from other systems."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, StringConstraints

from api.schemas import Answer, Asked, Title
from inspection.records.tables.permits import BoundaryStage


class ImportAsked(Asked):
    """How a file of permits is taken in."""

    model_config = ConfigDict(extra="forbid", strict=False)

    mapping: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,40}$")]
    """Name of a mapping: the office's own, or one that comes with the product."""

    name: Title = "export"
    """Of the file, as its bringer calls it."""

    stage: BoundaryStage = BoundaryStage.GRANTED
    """What its outlines are to their permits."""

    dry_run: bool = True


class ChangeShown(Answer):
    """One value that comes in beside what is there."""

    field: str
    source: str
    value: Any
    where: str
    before: list[Any]
    """What the same source said until now."""

    differs_from: list[tuple[str, Any]]
    """Other sources that say something else, and what."""


class PermitChangeShown(Answer):
    """What the file brings to one permit."""

    reference: str
    names: list[tuple[str, str]]
    """Kind and value of each of its names: what tells it from another of the same reference."""

    where: str | None
    """Where the file first says something of it."""

    permit_id: UUID | None
    """None for one that is not on the record yet."""

    is_unclear: bool
    """Whether nothing is done, since it could be one of several."""

    candidates: list[UUID]
    changes: list[ChangeShown]
    new_names: int
    new_boundary: int | None
    """None where nothing is done, too."""


class ImportProblem(Answer):
    """Something that was not taken, or not as it stands."""

    code: str
    where: str | None
    message: str
    hint: str


class NotRead(Answer):
    """A column, or what else has a name in the file, that the mapping does not ask for."""

    name: str
    count: int
    """How often something stood in it."""

    likely: str | None
    """The name that the mapping asks for and is most like it."""


class Imported(Answer):
    """What a file brings, and whether it is on the record now."""

    import_id: UUID | None
    """None for a dry run, and for a file that was taken in before."""

    sha256: str
    mapping: str
    was_taken: bool
    records: int
    refused: int
    dropped: dict[str, int]
    """How often personal data were left out, by the name of their field."""

    not_read: list[NotRead]
    new: int
    changed: int
    unclear: int
    conflicting: int
    """Of the new and the changed: of which another source says something else."""

    permits: list[PermitChangeShown]
    """The first of them, those that a person should look at before the others; the numbers above
    are of all."""

    told: int
    """How many problems there are."""

    problems: list[ImportProblem]
    """The first of them."""


class MappingNamed(Answer):
    """A mapping by which exports are read."""

    name: str
    title: str
    version: str
    system: str
    form: str
    sha256: str
    """Of its own file; an import names its beginning."""

    is_own: bool
    """Whether it is the office's own, not one that comes along."""


class MappingShown(MappingNamed):
    """A mapping as it was written."""

    content: str
    stated_by: UUID | None
    stated_at: datetime | None
