"""Register: bring the earlier flight over the current one, or say that it cannot be done."""

from contextlib import ExitStack

from geo.grid import Grid
from geo.registration import Registration, RegistrationFailure, estimate_registration
from geo.warp import opened
from inspection.model import Orthophoto, RegistrationStatus
from inspection.placement import Registered
from inspection.ports import Advance
from inspection.profiles.profile import RegistrationRules


def register(
    baseline: Orthophoto | None,
    current: Orthophoto,
    grid: Grid,
    *,
    rules: RegistrationRules,
    advance: Advance,
) -> Registered:
    """
    Find how the earlier flight must be moved to show the same ground at the same place.

    Two flights whose ground does not come to lie within the profile's limit are not
    comparable: no hectares are made of them.
    """
    limit_m = max(rules.limit_m, rules.limit_px * grid.pixel_size)
    if baseline is None:
        return Registered(
            status=RegistrationStatus.NO_BASELINE, found=None, failure=None, limit_m=limit_m
        )
    with ExitStack() as stack:
        before = stack.enter_context(opened(baseline.path))
        after = stack.enter_context(opened(current.path))
        found = estimate_registration(before, after, grid, search_m=rules.search_m, advance=advance)
    if isinstance(found, RegistrationFailure) or found.residual_m > limit_m:
        status = RegistrationStatus.NOT_COMPARABLE
    else:
        status = RegistrationStatus.REGISTERED
    return Registered(
        status=status,
        found=found if isinstance(found, Registration) else None,
        failure=found if isinstance(found, RegistrationFailure) else None,
        limit_m=limit_m,
    )
