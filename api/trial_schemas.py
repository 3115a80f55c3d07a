"""What is asked and answered of what-ifs: published results tried under other rules."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.inspection_schemas import InspectionProblem
from api.schemas import Answer, Asked, TableForm
from inspection.records.tables.trials import WORDS_LENGTH, TrialState

MOST_RULES = 32 * 1024
"""Characters of a file of rules; those that come along have a tenth of that."""


class TrialAsked(Asked):
    """The rules to try, and on what: a batch, or the newest result of each permit."""

    profile: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")] | None = None
    """Name of some that come along."""

    rules: Annotated[str, StringConstraints(min_length=1, max_length=MOST_RULES)] | None = None
    """Or a file of one's own (TOML), which may extend some that come along."""

    batch_id: Annotated[UUID, Field(strict=False)] | None = None
    words: (
        Annotated[str, StringConstraints(pattern=rf"^[^\x00-\x1f\x7f]{{1,{WORDS_LENGTH}}}$")] | None
    ) = None
    """Words that the permits have; all permits without them."""


class ItemsAsked(BaseModel):
    """Which results of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    all: bool = False
    """Also those in which no answer would be another, and those that have not ended."""


class TrialTableAsked(BaseModel):
    """As what the table is given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    form: TableForm = TableForm.CSV


class AnsweredTold(Answer):
    """One answer under both rules."""

    question: str
    before: str
    after: str
    value_before: float | None
    value_after: float | None
    is_other: bool
    """Whether the answer itself would be another, and not only its figure."""


class TrialItemTold(Answer):
    """One published result, and what would be answered in its place."""

    position: int
    permit_id: UUID
    permit_reference: str
    inspection_id: UUID
    """The inspection whose result stands."""

    flight_name: str
    state: TrialState
    answers: list[AnsweredTold]
    """Empty until it is done."""

    ledger_before_ha: dict[str, float | None] | None
    ledger_after_ha: dict[str, float | None] | None
    findings_before: int | None
    findings_after: int | None
    profile_before: str | None
    is_other_version: bool
    """Whether the published result was made by another version of the product, which may be why it
    differs."""

    problem: InspectionProblem | None
    """Why it cannot be inspected by these rules."""


class TrialCounts(Answer):
    """A what-if, and how far it is."""

    id: UUID
    submitted_by: UUID
    created_at: datetime
    profile: str
    """What the rules call themselves."""

    is_own: bool
    """Whether the rules are a file that somebody sent."""

    batch_id: UUID | None
    words: str | None
    states: dict[TrialState, int]
    changed: int
    """Results in which an answer would be another."""


class TrialTold(TrialCounts):
    """The same with its results."""

    rules: str | None
    """The file of rules, where somebody sent it."""

    items: list[TrialItemTold]
    """In which an answer would be another, and which cannot be inspected; or all of them."""


class TrialPage(Answer):
    """Some of the what-ifs, the newest first."""

    items: list[TrialCounts]
    after: str | None
