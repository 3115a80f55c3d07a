"""What is asked of reviews: words on findings, findings by hand, decisions."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.schemas import Asked
from inspection.records.tables.inspections import DecisionOutcome, ReviewOutcome
from inspection.review.adding import Epoch, GroundClass, Seen
from inspection.review.deciding import Verdict
from inspection.review.outline import outline_of
from inspection.review.speaking import Word

Note = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]{0,2000}$")]
NeededNote = Annotated[
    str, StringConstraints(pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]{0,2000}$", min_length=1)
]
ReasonCode = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,64}$")]
GivenClass = Annotated[GroundClass, Field(strict=False)]
GivenEpoch = Annotated[Epoch, Field(strict=False)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

Degrees = Annotated[float, Field(allow_inf_nan=False)]
Position = Annotated[list[Degrees], Field(min_length=2, max_length=2)]
Ring = Annotated[list[Position], Field(max_length=20_000)]
Rings = Annotated[list[Ring], Field(max_length=2_000)]


class PolygonAsked(Asked):
    """An outline of one part, as GeoJSON writes it: degrees, longitude first, rings closed."""

    type: Literal["Polygon"]
    coordinates: Rings


class MultiPolygonAsked(Asked):
    """An outline of several parts, as GeoJSON writes it."""

    type: Literal["MultiPolygon"]
    coordinates: Annotated[list[Rings], Field(max_length=2_000)]


OutlineAsked = Annotated[PolygonAsked | MultiPolygonAsked, Field(discriminator="type")]


class WordAsked(Asked):
    """What every word on a finding may say of those before it."""

    expects: Annotated[int, Field(ge=0)] | None = None
    """The `sequence` of the last word that its speaker knows, 0 for none: another since is told."""


class AcceptAsked(WordAsked):
    """That a finding counts as it stands."""

    outcome: Literal["accepted"]
    note: Note = ""


class RejectAsked(WordAsked):
    """That a finding does not count, and why."""

    outcome: Literal["rejected"]
    reason_code: ReasonCode
    """One of `/review-reasons`."""

    note: Note = ""


class EditAsked(WordAsked):
    """What counts in place of the finding's own outline or class; what it covers is measured."""

    outcome: Literal["edited"]
    outline: OutlineAsked | None = None
    ground_class: GivenClass | None = None
    note: Note = ""


ReviewAsked = Annotated[AcceptAsked | RejectAsked | EditAsked, Field(discriminator="outcome")]


def word_of(asked: AcceptAsked | RejectAsked | EditAsked) -> Word:
    """As the review takes it."""
    edit = asked if isinstance(asked, EditAsked) else None
    return Word(
        outcome=ReviewOutcome(asked.outcome),
        note=asked.note,
        reason_code=asked.reason_code if isinstance(asked, RejectAsked) else None,
        outline=outline_of(_parts(edit.outline)) if edit and edit.outline else None,
        ground_class=str(edit.ground_class) if edit and edit.ground_class else None,
        expects=asked.expects,
    )


class FindingAsked(Asked):
    """A finding that a person adds by hand."""

    outline: OutlineAsked
    ground_class: GivenClass
    epoch: GivenEpoch
    note: NeededNote

    def seen(self) -> Seen:
        """As the review takes it."""
        return Seen(
            outline=outline_of(_parts(self.outline)),
            ground_class=self.ground_class,
            epoch=self.epoch,
            note=self.note,
        )


class DecisionAsked(Asked):
    """A decision on an inspection."""

    outcome: Annotated[DecisionOutcome, Field(strict=False)]
    note: Note = ""
    reviews_sha256: Sha256
    """As the inspection stated it when it was looked at: another word since makes it another."""

    attach: bool = False
    """Of a final decision: its report is attached to the permit's record once it is written."""

    def verdict(self) -> Verdict:
        """As the review takes it."""
        return Verdict(
            outcome=self.outcome,
            note=self.note,
            reviews_sha256=self.reviews_sha256,
            attach=self.attach,
        )


def _parts(outline: PolygonAsked | MultiPolygonAsked) -> list[list[list[list[float]]]]:
    if isinstance(outline, PolygonAsked):
        return [outline.coordinates]
    return outline.coordinates
