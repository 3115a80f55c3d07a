"""What a result gives a reviewer to look at, as its own answers say."""

from collections.abc import Mapping
from typing import Any

from inspection.model import Verdict
from inspection.records.tables.inspections import Concern


def concerns_of(document: Mapping[str, Any]) -> Concern:
    """All that a document's five answers give to look at."""
    verdicts = {name: Verdict(one["verdict"]) for name, one in document["answers"].items()}
    found = Concern(0)
    if verdicts["outside"] is Verdict.FAIL:
        found |= Concern.OUTSIDE
    if verdicts["limits"] is Verdict.FAIL:
        found |= Concern.LIMITS
    # A flight that may lie elsewhere leaves all in doubt that was measured on it.
    is_doubtful = Verdict.UNCERTAIN in (verdicts["outside"], verdicts["limits"])
    if is_doubtful or verdicts["place"] is Verdict.FAIL:
        found |= Concern.UNCERTAIN
    if verdicts["comparable"] is Verdict.FAIL:
        found |= Concern.NOT_COMPARABLE
    if verdicts["observed"] is Verdict.FAIL:
        found |= Concern.UNSEEN
    return found
