"""The whole inspection on one screen: a table of contents of what happens to a flight."""

from dataclasses import dataclass
from pathlib import Path

from geo.errors import RefusedError
from inspection.desk import FreshDesk
from inspection.detectors.choice import OwnDetector, prove
from inspection.document import Inspection
from inspection.heights import height_comparison
from inspection.model import Permit
from inspection.observation import Observation
from inspection.ports import Archive, Filed, Progress, Unwatched, Workplace
from inspection.profiles.profile import Profile
from inspection.request import Request
from inspection.standing import PastReport
from inspection.steps.attach import attach
from inspection.steps.clip import clip
from inspection.steps.detect import detect
from inspection.steps.georeference import georeference
from inspection.steps.ingest import ingest
from inspection.steps.measure import measure
from inspection.steps.register import register
from inspection.steps.report import report
from inspection.wording.catalogue import wording


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """An inspection that was carried out."""

    inspection: Inspection
    folder: Path
    filed: Filed | None
    """Its place on the permit's record; None where no permit or no archive was given."""


def run_inspection(  # noqa: PLR0913 - what goes in, and the world around
    request: Request,
    *,
    out: Path,
    profile: Profile,
    own_detector: OwnDetector | None = None,
    archive: Archive | None = None,
    progress: Progress | None = None,
    workplace: Workplace | None = None,
) -> Outcome:
    """
    Inspect one flight over one permit, and write the sealed result into a new folder.

    Parameters
    ----------
    request
        The files that were brought, and the language of the answer.
    out
        The folder to make; it appears when the result is whole.
    profile
        The rules that decide.
    own_detector
        What scores change in place of what the profile names.
    archive
        Where the result is filed with the permit's record.
    progress
        Somebody who watches.
    workplace
        Where it is made; one that lasts keeps what each step gave, should the work be cut off.

    Raises
    ------
    UsageError
        ``out_exists``.
    RefusedError
        If an input cannot be used; the code says which and why.
    UnfinishedError
        If the machine could not finish.
    """
    prove(own_detector)
    at, place = progress or Unwatched(), workplace or FreshDesk()
    with place.opened(out) as (desk, drawer):
        with at.step("ingest") as advance:
            case = place.once(ingest, request, profile, desk=drawer, advance=advance)
        with at.step("georeference") as advance:
            placement = place.once(georeference, case, profile, desk=drawer, advance=advance)
            site, flown = placement.site, placement.flight.orthophoto
        wished_m, earlier = profile.analysis.gsd_m, case.baseline
        with at.step("clip") as advance:
            current = place.once(
                clip, flown, site, analysed_m=wished_m, out=desk / "current.tif", advance=advance
            )
            baseline = None
            if earlier is not None:
                baseline = place.once(
                    clip,
                    earlier.orthophoto,
                    site,
                    analysed_m=wished_m,
                    out=desk / "baseline.tif",
                    advance=advance,
                )
        grid = site.analysis_grid(
            current.grid, image=flown.grid, gsd_m=current.gsd_m, wished_m=wished_m
        )
        with at.step("register") as advance:
            registered = place.once(
                register, baseline, current, grid, rules=profile.registration, advance=advance
            )
        with at.step("detect") as advance:
            heights = height_comparison(placement.flight, earlier, registered, grid)
            detection = place.once(
                detect,
                baseline,
                current,
                registered,
                grid,
                heights=heights.read if heights else None,
                surface=heights.later if heights else None,
                own_detector=own_detector,
                profile=profile,
                out=desk / "change.tif",
                advance=advance,
            )
        seen = Observation(
            case=case,
            placement=placement,
            current=current,
            baseline=baseline,
            registered=registered,
            grid=grid,
            detection=detection,
            heights=heights,
        )
        with at.step("measure"):
            words = wording(request.language)
            past = _on_record(case.permit, archive)
            measurement = place.once(
                measure,
                seen,
                request,
                profile=profile,
                wording=words,
                past=past,
                pictures=sorted(desk.glob("*.tif")),
            )
        with at.step("report"):
            place.once(report, measurement, seen, out=desk)
    with at.step("attach"):
        filed = attach(out, case.permit, archive=archive) if archive else None
    return Outcome(inspection=measurement.inspection, folder=out, filed=filed)


def _on_record(permit: Permit | None, archive: Archive | None) -> tuple[PastReport, ...] | None:
    """Reports of the permit so far; None where its record is not at hand, which is then said."""
    if permit is None or archive is None:
        return None
    try:
        return archive.past(permit.id)
    except (OSError, RefusedError):
        return None
