"""Whether a document that was issued again agrees with itself on what people made of it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

PARTS: Final = ("inside", "outside", "uncertain")
HECTARE_M2: Final = 1e4
SLACK_HA: Final = 1e-4
"""Outlines are joined before their ground is measured: each is rounded by itself."""


def agrees(inspection: Mapping[str, Any]) -> bool:
    """Whether review, decision, record and findings say the same, as far as they repeat it."""
    review, record = inspection.get("review"), inspection["record"]
    if review is None:
        return bool(record["state"] == "unreviewed")
    outcomes = Counter(one["outcome"] for one in review["findings"])
    counts = review["counts"]
    ids = [one["id"] for one in (*inspection["findings"], *review["added"])]
    of, decision = review["of"], review["decision"]
    return (
        record["state"] == decision["outcome"]
        and inspection["created_at"] == decision["at"]
        and [one["finding"] for one in review["findings"]] == ids
        and all(
            (one["values"] is not None) == (one["outcome"] == "edited")
            for one in review["findings"]
        )
        and all(counts[one] == outcomes[one] for one in ("accepted", "rejected", "edited"))
        and counts["added"] == len(review["added"])
        and (of["version"], of["sha256"])
        in [(one["version"], one["sha256"]) for one in record["history"]]
        and of["sha256"] in [one["sha256"] for one in inspection["sources"]]
        and all(review["areas_ha"][part] <= _most(inspection, part) for part in PARTS)
    )


def with_outcomes(inspection: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The findings; of a document that was reviewed those added too, each with its outcome."""
    review = inspection.get("review")
    if review is None:
        return list(inspection["findings"])
    added = [{"id": one["id"], **one["values"]} for one in review["added"]]
    return [
        {**one, "outcome": said["outcome"], "outcome_reason": said["reason_code"]}
        for one, said in zip([*inspection["findings"], *added], review["findings"], strict=True)
    ]


def counting(inspection: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The findings that count after the review, with the values that count."""
    words = inspection["review"]["findings"]
    return [
        found | (said["values"] or {})
        for found, said in zip(with_outcomes(inspection), words, strict=True)
        if said["outcome"] != "rejected"
    ]


def _most(inspection: Mapping[str, Any], part: str) -> float:
    """Hectares that the findings that count can cover at most: their sum."""
    found = [one for one in counting(inspection) if one["epoch"] != "recovered"]
    square_metres: float = sum(one[f"area_{part}_m2"] for one in found)
    return square_metres / HECTARE_M2 + SLACK_HA
