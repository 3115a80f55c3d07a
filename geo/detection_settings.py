"""Detection settings: every number that decides what is found; their home is the profile."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DetectionSettings:
    """What `detect` decides by. Lengths are in metres, distances of colour in noises."""

    minimum_area_m2: float
    """Smaller pieces are given to their neighbours."""

    minimum_area_px: int
    """The same where pixels are coarse."""

    false_share: float
    """Share of compared ground that may be flagged on a pair in which nothing changed."""

    least_threshold: float
    most_threshold: float
    """Bounds of the calibrated threshold of change, in noises of the pair."""

    growing: float
    """Share of the threshold down to which a piece grows from where it passed."""

    reworking: float
    """Multiple of the threshold that ground needs which was disturbed before."""

    likeness_weight: float
    """By how much full likeness of structure shrinks a difference of colour, 0-1."""

    seed_share: float
    """Share of a piece that must pass the whole threshold."""

    thresholds: tuple[float, float, float]
    """Multiples of the threshold at which a sturdy finding stays about the same."""

    field_m: float
    """Width over which haze and soft cloud shadow are taken out."""

    most_gain: float
    """Largest gain believed between the light of two dates."""

    height_limit_m: float
    """Change of height that is no longer noise."""

    road_elongation: float
    """Length over width from which bare ground is a road."""

    road_width_m: tuple[float, float]
    """Narrowest and widest road."""

    pond_shore_share: float
    """Share of standing water's shore that must be disturbed for it to be a pond."""

    field_area_m2: float
    field_grain: float
    """A green plain of at least this area that is no rougher than this, in shares of its
    lightness, before and after it turned bare, is a field."""

    tile_px: int
    """Side of the windows worked in; of no influence on the result."""

    def least_px(self, pixel_m: float) -> int:
        """Pixels of the smallest piece that counts."""
        return max(self.minimum_area_px, math.ceil(self.minimum_area_m2 / pixel_m**2))


@dataclass(frozen=True, kw_only=True)
class ScoringSettings:
    """What the scores of a detector are judged by; scores are logits of change."""

    threshold: float
    """Least score that counts as change; what a pair itself shows may ask for more."""

    most_threshold: float
    """What no pair asks for more than."""

    doubling: float
    """Difference of score that counts as twice, or half, the change."""

    seed_share: float
    """Share of a piece that must pass the whole threshold."""

    agreement: tuple[float, float]
    """How far ground must differ by colour and structure, in their thresholds, to bear a score
    out: of pixels that a detector has learned to read, and of such twice as large or more."""

    rim_m: float
    """Width of the rim of a piece that counts only where it changed firmly, on pixels up to
    `sharp_m`: larger ones blur where a change ends."""

    sharp_m: float

    learned_m: float
    """The largest pixels that a detector has learned to read."""

    glimpse: float | None
    """Score at half the detail from which ground is looked at in full, where pixels twice as large
    can be read too; None where all of it is."""

    coarsest_m: float
    """Pixels larger than this are not scored."""
