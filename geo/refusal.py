"""The refusals that faults of boundaries, of layers and of their files mean."""

from geo.errors import RefusedError
from geo.fault import Fault, Faulty
from geo.vector.unfit import Reason, Unfit


def boundary_refusal(error: Faulty | Unfit) -> RefusedError:
    """Refuse a boundary: each fault has words of its own."""
    if isinstance(error, Faulty):
        faults = {
            Fault.ANTIMERIDIAN: "boundary_around_pole",
            Fault.CRS_UNKNOWN: "boundary_crs_unknown",
            Fault.EMPTY: "boundary_empty",
            Fault.NO_GEOMETRY: "boundary_empty",
            Fault.RING_OPEN: "boundary_ring_open",
            Fault.WITHOUT_AREA: "boundary_without_area",
            Fault.SELF_CROSSES: "boundary_self_crosses",
            Fault.HOLE_OUTSIDE: "boundary_hole_outside",
            Fault.PARTS_OVERLAP: "boundary_parts_overlap",
        }
        return RefusedError(faults.get(error.fault, "boundary_unreadable"), where=error.where)
    reasons = {
        Reason.ARCHIVE_ENCRYPTED: "boundary_archive_encrypted",
        Reason.ARCHIVE_EXPANDS: "boundary_archive_expands",
        Reason.ARCHIVE_UNSAFE: "boundary_archive_unsafe",
        Reason.AXES_UNKNOWN: "boundary_axes_unknown",
        Reason.DATABASE_UNSAFE: "boundary_database_unsafe",
        Reason.DAMAGED: "boundary_damaged",
        Reason.DOCTYPE: "boundary_doctype",
        Reason.FORM_DIFFERS: "boundary_form_differs",
        Reason.FORM_UNKNOWN: "boundary_form_unknown",
        Reason.HEMISPHERE_UNKNOWN: "boundary_hemisphere_unknown",
        Reason.NUMBER_AMBIGUOUS: "boundary_number_ambiguous",
        Reason.NUMBER_IMPOSSIBLE: "boundary_number_impossible",
        Reason.PARTS_UNKNOWN: "boundary_parts_unknown",
        Reason.ROW_UNREADABLE: "boundary_row_unreadable",
        Reason.SEVERAL_LAYERS: "boundary_several_layers",
        Reason.TOO_LARGE: "boundary_too_large",
        Reason.UNREADABLE: "boundary_unreadable",
        Reason.UNSAVED: "boundary_unsaved",
    }
    return RefusedError(reasons[error.reason], where=error.where, **error.facts)


def layer_refusal(error: Faulty | Unfit) -> RefusedError:
    """Refuse a layer: what it is not needed for needs fewer words."""
    if isinstance(error, Faulty):
        faults = {Fault.CRS_UNKNOWN: "layer_crs_unknown", Fault.EMPTY: "layer_empty"}
        return RefusedError(faults.get(error.fault, "layer_unreadable"), where=error.where)
    reasons = {
        Reason.ARCHIVE_EXPANDS: "layer_unsafe",
        Reason.ARCHIVE_UNSAFE: "layer_unsafe",
        Reason.DATABASE_UNSAFE: "layer_unsafe",
        Reason.DOCTYPE: "layer_unsafe",
        Reason.FORM_UNKNOWN: "layer_form_unknown",
        Reason.SEVERAL_LAYERS: "layer_several",
        Reason.TOO_LARGE: "layer_too_large",
    }
    return RefusedError(
        reasons.get(error.reason, "layer_unreadable"), where=error.where, **error.facts
    )
