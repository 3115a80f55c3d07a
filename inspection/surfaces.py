"""What the surfaces of two flights tell: how they were laid level, and the earth moved in all."""

from dataclasses import dataclass


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


@dataclass(frozen=True, kw_only=True)
class EarthNote:
    """Earth moved in all findings together; each figure with half of its 95 % interval."""

    findings: int
    """As many have a volume."""

    net_m3: float
    """Fill minus cut."""

    net_uncertainty_m3: float
    cut_m3: float
    cut_uncertainty_m3: float
    fill_m3: float
    fill_uncertainty_m3: float
