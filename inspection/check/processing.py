"""The statistics that OpenDroneMap leaves beside an orthophoto, under check."""

import json
import math
from pathlib import Path
from typing import Any, Final

from geo.errors import RefusedError
from inspection.check.checked import Checked, Kind, Question
from inspection.check.limits import LEAST_RECONSTRUCTED
from inspection.problem import Problem, note, warning

MAX_BYTES: Final = 16 << 20
MARK: Final = "reconstruction_statistics"


def examine_processing(path: Path, name: str, _question: Question) -> Checked:
    """
    Say how well photos were joined into the orthophoto.

    Its ``ce90`` is a percentile of the residuals at the very points that the picture was
    fitted to: it is no accuracy of the map, and it is not told.
    """
    if path.stat().st_size > MAX_BYTES:
        raise RefusedError("processing_unreadable")
    try:
        found = json.loads(path.read_bytes().decode("utf-8-sig"))
        stated = found[MARK]
        initial, used = (
            _count(stated, f"{part}_shots_count") for part in ("initial", "reconstructed")
        )
        components = _count(stated, "components")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RefusedError("processing_unreadable") from error
    gsd = (found.get("odm_processing_statistics") or {}).get("average_gsd")
    return Checked(
        file=name,
        kind=Kind.PROCESSING,
        size=path.stat().st_size,
        facts={
            "photos": initial,
            "photos_used": used,
            "components": components,
            "has_gcp": stated.get("has_gcp") is True,
            "average_gsd_cm": gsd if isinstance(gsd, int | float) and math.isfinite(gsd) else None,
        },
        problems=tuple(_doubts(initial, used, components, has_gcp=stated.get("has_gcp") is True)),
    )


def _count(stated: dict[str, Any], name: str) -> int:
    count = stated[name]
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise TypeError(name)
    return count


def _doubts(initial: int, used: int, components: int, *, has_gcp: bool) -> list[Problem]:
    found = []
    if components > 1:
        found.append(warning("processing_components", value=components, limit=1))
    share = used / initial if initial else 0.0
    if share < LEAST_RECONSTRUCTED:
        found.append(
            warning(
                "processing_photos_lost",
                value=share,
                limit=LEAST_RECONSTRUCTED,
                lost=initial - used,
            )
        )
    if has_gcp:
        found.append(note("processing_errors_not_accuracy"))
    return found
