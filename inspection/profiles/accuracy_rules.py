"""Rules by which map accuracy is classed, as a profile states them."""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Gt, Le
from pydantic import ConfigDict

from inspection.profiles.certainty import Sure
from inspection.profiles.values import STRICT, Count, Name, Positive


@dataclass(frozen=True, kw_only=True)
class ClassLimit:
    """Largest error of one class at one scale."""

    scale: Annotated[int, Gt(0)]
    """Denominator: 1000 for 1:1000."""

    name: Name
    """Of the class."""

    limit_m: Positive
    """Largest CE90."""

    sure: Sure
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class AccuracyRule:
    """One rule of map accuracy: what it measures, and its classes."""

    name: Name
    year: Annotated[int, Ge(1900), Le(2200)]
    source: Name
    sure: Sure
    """Of what is measured and how often; each class limit says its own."""

    measure: Literal["ce90", "rmse"]
    """``ce90``: classes by scale. ``rmse``: the radial RMSE itself, in whole centimetres."""

    factor: Positive = 1.0
    """By which the radial RMSE is multiplied."""

    least_check_points: Count | None = None
    """Below it an accuracy is only indicative; None where the rule's own count is not known."""

    limits: tuple[ClassLimit, ...] = ()
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, kw_only=True)
class AccuracyRules:
    """The rules by which a profile wants accuracy classed; the first one comes first."""

    rule: tuple[AccuracyRule, ...] = field(default_factory=tuple)
    __pydantic_config__: ClassVar[ConfigDict] = STRICT
