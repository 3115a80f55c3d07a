"""What is asked and answered of a permit's record: corrections, limits, boundaries, places."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from api.permit_schemas import BoundaryShown, LimitShown, PermitListed
from api.schemas import Answer, Asked, Title
from inspection.exchange.permits.vocabulary import Field as RecordField
from inspection.records.tables.permits import BoundaryStage

Reason = Annotated[str, StringConstraints(pattern=r"^[^\x00]{3,1000}$", strip_whitespace=True)]
Value = Annotated[str, StringConstraints(pattern=r"^[^\x00]{1,1000}$")] | float | int
GivenField = Annotated[RecordField, Field(strict=False)]
GivenDay = Annotated[date, Field(strict=False)]
Degrees = Annotated[float, Field(allow_inf_nan=False)]


class CorrectionAsked(Asked):
    """What counts from now on: a value, the word of one source, or again what was imported."""

    field: GivenField
    reason: Reason
    value: Value | None = None
    source: Title | None = None
    is_withdrawn: Literal[True] | None = None

    @model_validator(mode="after")
    def _keeps_its_word(self) -> Self:
        """One of the three."""
        if sum(one is not None for one in (self.value, self.source, self.is_withdrawn)) != 1:
            raise ValueError("one of value, source and is_withdrawn")
        return self


class CorrectionShown(Answer):
    """A correction, as it stands on the record for good."""

    id: UUID
    field: str
    value: Any
    is_withdrawn: bool
    reason: str
    corrected_by: UUID
    created_at: datetime


class CorrectionPage(Answer):
    """Some of the corrections."""

    items: list[CorrectionShown]
    after: str | None


class LimitAsked(Asked):
    """A limit of the permit, and who says so."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,64}$")]
    value: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None
    source: Title
    valid_from: GivenDay | None = None
    valid_until: GivenDay | None = None


class LimitStatedShown(LimitShown):
    """A limit as it was stated."""

    id: UUID
    stated_by: UUID | None
    created_at: datetime


class BoundaryAsked(Asked):
    """What is said of a boundary whose file is the body."""

    model_config = ConfigDict(extra="forbid", strict=False)

    stage: BoundaryStage
    source: Title
    """Who says so: the decree, the letter, the application."""

    name: Title = "boundary.geojson"
    """Of the file, by whose ending it is known what it is."""

    as_of: date | None = None
    feature: Annotated[int, Field(ge=1, le=10**6)] | None = None
    crs: Annotated[str, StringConstraints(pattern=r"^(EPSG:)?[0-9]{4,6}$")] | None = None


class BoundaryFeature(Answer):
    """A boundary as GeoJSON, in longitude and latitude."""

    type: Literal["Feature"]
    id: UUID
    bbox: list[float]
    geometry: dict[str, Any]
    properties: BoundaryShown


class NearAsked(Asked):
    """Where somebody is."""

    model_config = ConfigDict(extra="forbid", strict=False)

    longitude: Annotated[Degrees, Field(ge=-180, le=180)]
    latitude: Annotated[Degrees, Field(ge=-90, le=90)]
    km: Annotated[Degrees, Field(gt=0, le=500)] = 50.0
    """How far around is looked."""

    size: Annotated[int, Field(ge=1, le=200)] = 20
    after: Annotated[str, StringConstraints(max_length=200)] | None = None


class NearShown(PermitListed):
    """A permit, and how far the outline of its boundary in force is."""

    boundary: BoundaryShown
    distance_m: float


class NearPage(Answer):
    """Some permits, the nearest first."""

    items: list[NearShown]
    after: str | None
