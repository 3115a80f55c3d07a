"""How the picture was fitted to its control points, as the document states it."""

from inspection.placement import Placement
from inspection.survey import OperationNote, PointResidual, TransformationNote

METRE_DIGITS = 4


def transformation_note(placement: Placement) -> TransformationNote | None:
    """Give the kind chosen and what each weighed; None where no points held the picture."""
    fit, change = placement.fit, placement.points_change
    if fit is None:
        return None
    return TransformationNote(
        kind=fit.kind,
        loo_rmse_m={
            one.kind: None if one.left_out_m is None else round(one.left_out_m, METRE_DIGITS)
            for one in fit.candidates
        },
        passed_over={one.kind: one.passed for one in fit.candidates if one.passed},
        cover=round(fit.cover, METRE_DIGITS),
        operation=OperationNote(
            name=change.name, accuracy_m=change.accuracy_m, applied=change.applied
        )
        if change
        else None,
    )


def residual_notes(placement: Placement) -> list[PointResidual]:
    """Give by how much the picture misses each point."""
    return [
        PointResidual(
            name=one.name,
            role=str(one.role),
            x=round(one.x, METRE_DIGITS),
            y=round(one.y, METRE_DIGITS),
            east_m=round(one.east_m, METRE_DIGITS),
            north_m=round(one.north_m, METRE_DIGITS),
        )
        for one in placement.residuals
    ]
