"""How far two flights may be apart, by what confirms their registration."""

import numpy as np
import pytest
from affine import Affine

from geo.registration import Registration, RegistrationFailure
from inspection.model import RegistrationStatus
from inspection.placement import Registered


def registered(*, agreement_m, residual_m=0.05):
    found = Registration(
        moved=Affine.identity(),
        kind="translation",
        shift_m=(0.0, 0.0),
        residual_m=residual_m,
        held_back=0,
        tie_points=9,
        tie_share=1.0,
        agreement_m=agreement_m,
        ties=np.empty((0, 6)),
    )
    return Registered(status=RegistrationStatus.REGISTERED, found=found, failure=None, limit_m=0.75)


def test_what_a_second_estimate_confirms_is_as_uncertain_as_its_ties_say():
    assert registered(agreement_m=0.3).is_verified(0.375)
    assert registered(agreement_m=0.3).uncertainty_m(0.375) == 0.05


@pytest.mark.parametrize("agreement_m", [None, 0.4, 9.0])
def test_what_nothing_confirms_may_be_off_by_as_much_as_is_compared_at_all(agreement_m):
    unsure = registered(agreement_m=agreement_m)
    assert not unsure.is_verified(0.375)
    assert unsure.uncertainty_m(0.375) == 0.75
    assert registered(agreement_m=agreement_m, residual_m=0.8).uncertainty_m(0.375) == 0.8


def test_what_was_not_registered_is_not_verified():
    failure = RegistrationFailure(reason="no_agreement", tiles=9, agreeing=1)
    status = RegistrationStatus.NOT_COMPARABLE
    apart = Registered(status=status, found=None, failure=failure, limit_m=0.75)
    assert not apart.is_verified(0.375)
