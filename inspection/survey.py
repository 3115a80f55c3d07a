"""What the flights could see and how well places are known, as the document states it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from inspection.degrees import Rings
from inspection.model import RegistrationStatus


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Ground of the permit that was not seen, or not counted, by cause."""

    reason: str
    area_ha: float


@dataclass(frozen=True, kw_only=True)
class Unseen:
    """Ground of permit and ring that was not seen, by cause; all but crumbs of a few pixels."""

    reason: str
    vertices: Rings


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How much of the permit the current flight saw."""

    observed_share: float
    not_observed_ha: float
    compared_share: float | None
    gaps: list[Gap]
    not_observed: list[Unseen]


@dataclass(frozen=True, kw_only=True)
class PointResidual:
    """By how much the picture misses a surveyed place, in metres east and north."""

    name: str
    role: str
    east_m: float
    north_m: float


@dataclass(frozen=True, kw_only=True)
class SystemNote:
    """Reference system that everything is measured in."""

    crs: str
    name: str
    datum: str
    ellipsoid: str


class AccuracyState(StrEnum):
    """Whether a rule's class can be stated."""

    TESTED = "tested"
    INDICATIVE = "indicative"
    """Tested, at fewer points than are asked for."""

    NOT_TESTED = "not_tested"


@dataclass(frozen=True, kw_only=True)
class AccuracyNote:
    """What one rule says of the accuracy of the placement."""

    rule: str
    year: int
    measure: Literal["ce90", "rmse"]
    value_m: float | None
    """What the rule measures; None where nothing was tested."""

    state: AccuracyState
    accuracy_class: Annotated[str | None, Field(alias="class")] = None
    """None also where the error is larger than the rule's last limit."""

    scale: int | None
    """Denominator of the finest scale whose limit is met."""

    ce90_limit_m: float | None
    check_points: int
    least_check_points: int
    least_from: Literal["rule", "profile"]
    """Who asks for that many check points."""

    sure: str
    source: str


class DatumState(StrEnum):
    """How image and boundary came onto one datum."""

    SAME = "same"
    NOMINAL = "nominal"
    """Theirs differ and are taken as equal."""

    MOVED = "moved"
    """By an operation."""

    REALIZATION_UNKNOWN = "realization_unknown"
    """The flight may lie on either realization of the national frame."""


@dataclass(frozen=True, kw_only=True)
class DatumOperation:
    """One change of datum."""

    source: Annotated[str, Field(alias="from")]
    target: Annotated[str, Field(alias="to")]
    name: str | None
    """Of the operation in the EPSG registry; None where no number was changed."""

    accuracy_m: float | None
    nominal: bool
    used_for: str
    """``boundary``, ``current``, ``control_points``, ``baseline``, ``layer:NAME``, ``degrees``."""


@dataclass(frozen=True, kw_only=True)
class DatumNote:
    """What became of the datum between the inputs, the site and the degrees that are stated."""

    operations: list[DatumOperation]
    placed_in: str
    """Datum of what placed the picture: its file, or the control points."""

    realization_epoch: float | None
    """As its reference system states it, a decimal year."""

    state: DatumState
    uncertainty_m: float


@dataclass(frozen=True, kw_only=True)
class Position:
    """How the current flight was placed on the ground and how well that is known."""

    system: SystemNote
    method: str
    verified: bool
    rmse_m: float | None
    ce90_m: float | None
    check_points: int
    control_points: int
    uncertainty_m: float
    terms_m: dict[str, float]
    control_points_sha256: str | None
    residuals: list[PointResidual]
    datum: DatumNote
    accuracy_class: Annotated[str | None, Field(alias="class")] = None
    """By the profile's first rule; None where it gives none."""

    rule: str | None = None
    accuracy: list[AccuracyNote] = field(default_factory=list)
    """By each rule that the profile names."""


@dataclass(frozen=True, kw_only=True)
class RegistrationNote:
    """How the two dates were brought over one another."""

    status: RegistrationStatus
    verified: bool | None
    shift_m: tuple[float, float] | None
    residual_m: float | None
    agreement_m: float | None
    tie_points: int
    tie_share: float | None
    reason: str | None
    """Why the two could not be brought together, as a code."""

    affine: list[float] | None


@dataclass(frozen=True, kw_only=True)
class SurfacesNote:
    """How the surfaces of the two flights were laid level, and what they can tell."""

    offset_m: float
    """Taken off the later one."""

    nmad_m: float
    """Robust standard deviation of their difference on stable ground."""

    detection_limit_m: float
    """Smallest change of height of one cell that is no noise, with 95 % confidence."""

    stable_cells: int
