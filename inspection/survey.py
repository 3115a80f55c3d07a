"""What the flights could see and how well places are known, as the document states it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from inspection.degrees import Rings
from inspection.language import Said
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
    x: float
    """The place as surveyed, in the system that everything is measured in."""

    y: float
    east_m: float
    north_m: float


@dataclass(frozen=True, kw_only=True)
class OperationNote:
    """What lies between the datum of the control points and the one that is measured on."""

    name: str
    accuracy_m: float | None
    """As the register of operations states it."""

    applied: bool
    """Whether the points were moved; not where that is less than its own accuracy."""


@dataclass(frozen=True, kw_only=True)
class TransformationNote:
    """How the picture was fitted to its control points, and what else was tried."""

    kind: str
    loo_rmse_m: dict[str, float | None]
    """By kind: what each point left out of the fit is missed by; no test, the choice saw them."""

    passed_over: dict[str, str]
    """Kinds that could not be chosen, each with the reason as a code."""

    cover: float
    """Share of the picture that lies between the points."""

    operation: OperationNote | None


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


@dataclass(frozen=True, kw_only=True)
class DatumOperation:
    """One change of datum among what was brought."""

    used_for: str
    """Role of the file, or ``display`` for the degrees that are printed."""

    source: Annotated[str, Field(alias="from")]
    target: Annotated[str, Field(alias="to")]
    name: str
    accuracy_m: float | None
    """As the register states it."""

    distance_m: float | None
    """How far the operation moves places."""

    applied: bool
    """Whether they were moved: not where that is less than a datum ensemble is wide."""

    better_missing: bool
    """Whether a better operation needs a grid that was not at hand."""


@dataclass(frozen=True, kw_only=True)
class DatumNote:
    """What datums the places are on, and what that leaves in doubt."""

    operations: list[DatumOperation]
    realization: str | None
    """Of what placed the picture; None where its system does not state one."""

    epoch: float | None
    uncertainty_m: float | None
    """Between boundary and picture; None where both are on one datum."""

    note: str
    said: Said


@dataclass(frozen=True, kw_only=True)
class ReferenceNote:
    """The picture that the flight was placed by, and how well it fits it."""

    name: str
    sha256: str
    transformation: str = "affine"
    tie_points: int
    held_back: int
    """Ties that the fit has not seen: the errors are theirs."""

    rmse_m: float
    ce90_m: float
    accuracy_m: float | None
    """Of the reference itself, as its bringer said; None where nobody did."""


@dataclass(frozen=True, kw_only=True)
class Position:
    """How the current flight was placed on the ground and how well that is known."""

    system: SystemNote
    method: str
    verified: bool
    transformation: TransformationNote | None
    rmse_m: float | None
    """Radial, at the check points."""

    rmse_east_m: float | None
    rmse_north_m: float | None
    ce90_m: float | None
    largest_m: float | None
    check_points: int
    control_points: int
    uncertainty_m: float
    terms_m: dict[str, float]
    control_points_sha256: str | None
    control_point_marks_sha256: str | None
    residuals: list[PointResidual]
    accuracy_class: Annotated[str | None, Field(alias="class")] = None
    """By the profile's first rule; None where it gives none."""

    rule: str | None = None
    accuracy: list[AccuracyNote] = field(default_factory=list)
    """By each rule that the profile names."""

    datum: DatumNote | None = None
    reference: ReferenceNote | None = None


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
