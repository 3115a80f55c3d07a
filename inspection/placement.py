"""Where the flights lie: placed on the ground, and brought over one another."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from affine import Affine

from geo.control_points import Accuracy, Residual
from geo.datum import DatumChange
from geo.fitting import Fit
from geo.match import Match
from geo.registration import Registration, RegistrationFailure
from geo.site import Site
from inspection.language import Json
from inspection.model import Flight, RegistrationStatus


@dataclass(frozen=True, kw_only=True)
class Caution:
    """Something that a step found and that a reader must know, as a code and its facts."""

    code: str
    facts: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Placement:
    """Where the current flight lies, and how well that is known."""

    flight: Flight
    site: Site

    method: str
    """``control_points``, ``reference`` or ``as_delivered``."""

    accuracy: Accuracy | None
    """After independent check points; None where there are none."""

    uncertainty_m: float
    """Of a position read from the picture: the accuracy's CE90, else the profile's number, or
    what control points left out of the fit tell where that is more."""

    residuals: tuple[Residual, ...]

    fit: Fit | None = None
    """To control points; None where there are none."""

    points_change: DatumChange | None = None
    """Between the datum of the control points and the site's; None where they are one."""

    match: Match | None = None
    """To a reference picture; None where there is none."""

    reference_m: float | None = None
    """Uncertainty of the reference itself; None where there is none."""

    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Registered:
    """Whether and how the earlier flight was brought over the current one."""

    status: RegistrationStatus
    found: Registration | None
    failure: RegistrationFailure | None
    limit_m: float
    """Residual up to which two flights are comparable."""

    @property
    def moved(self) -> Affine | None:
        """How the earlier flight is moved on the ground; None where nothing is compared."""
        comparable = self.status is RegistrationStatus.REGISTERED
        return self.found.moved if self.found and comparable else None

    @property
    def residual_m(self) -> float:
        """What registration left between the two; 0 where nothing is compared."""
        return self.found.residual_m if self.found else 0.0

    def is_verified(self, agreement_limit_m: float) -> bool:
        """Whether other estimates were found, and lie no further off than this."""
        agreement_m = self.found.agreement_m if self.found else None
        return agreement_m is not None and agreement_m <= agreement_limit_m

    def uncertainty_m(self, agreement_limit_m: float) -> float:
        """How far the two may still be apart; what nothing confirms, up to what is compared."""
        if self.is_verified(agreement_limit_m):
            return self.residual_m
        return max(self.residual_m, self.limit_m)
