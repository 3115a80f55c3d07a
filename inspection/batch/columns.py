"""What the columns of a table of inspections may be called, in both languages."""

from collections.abc import Mapping
from typing import Final

from geo.vector.label import plain_name

FILES: Final[Mapping[str, tuple[str, ...]]] = {
    "boundary": ("boundary", "batas", "boundary_file", "berkas_batas", "poligon"),
    "current": ("current", "terkini", "ortofoto", "orthophoto", "ortofoto_terkini"),
    "baseline": ("baseline", "acuan", "pembanding", "ortofoto_acuan", "ortofoto_awal"),
    "control_points": ("control_points", "titik_kontrol", "gcp"),
    "control_point_marks": ("control_point_marks", "tanda_titik_kontrol"),
    "reference": ("reference", "citra_acuan", "rujukan"),
    "current_dsm": ("current_dsm", "dsm", "dsm_terkini"),
    "baseline_dsm": ("baseline_dsm", "dsm_acuan", "dsm_awal"),
    "flight_log": ("flight_log", "log_penerbangan", "catatan_terbang"),
    "baseline_flight_log": ("baseline_flight_log", "log_penerbangan_acuan"),
    "world_file": ("world_file",),
    "baseline_world_file": ("baseline_world_file",),
}
"""Columns whose cells name a file, an object or an address, the plainest name first."""

VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "permit": ("permit", "izin", "permit_id", "nomor_izin", "no_izin"),
    "feature": ("feature", "fitur", "nomor_fitur"),
    "boundary_crs": ("boundary_crs", "crs_batas"),
    "crs": ("crs", "crs_terkini"),
    "baseline_crs": ("baseline_crs", "crs_acuan"),
    "assume_crs": ("assume_crs",),
    "baseline_assume_crs": ("baseline_assume_crs",),
    "assumed_by": ("assumed_by",),
    "control_points_crs": ("control_points_crs", "crs_titik_kontrol"),
    "control_points_image": ("control_points_image",),
    "reference_accuracy": ("reference_accuracy", "ketelitian_rujukan"),
    "current_dsm_heights": ("current_dsm_heights", "dsm_heights"),
    "baseline_dsm_heights": ("baseline_dsm_heights",),
    "captured_at": ("captured_at", "flown_on", "tanggal_terbang", "waktu_terbang"),
    "layers": ("layers", "lapisan"),
    "profile": ("profile", "profil"),
    "language": ("language", "bahasa"),
}
"""Columns whose cells are what they say; a permit may be a file or a name on the record."""

NAMES: Final[Mapping[str, str]] = {
    plain_name(name): field
    for field, names in {**FILES, **VALUES}.items()
    for name in (field, *names)
}
"""Our word for each name of a column, as `geo.vector.label.plain_name` gives it."""
