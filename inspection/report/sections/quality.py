"""Image quality and position: what was seen, how well places are known, each with its limit."""

from inspection.model import RegistrationStatus
from inspection.report.brief import Brief
from inspection.report.content import Facts, Section, Table, Text
from inspection.report.points import fitting, points
from inspection.report.sections.accuracy import accuracy_classes
from inspection.report.sections.datums import datums, stated_datum


def quality(brief: Brief) -> Section:
    """State how well the ground was seen and placed."""
    return Section(
        name="quality",
        title=brief.say("quality.title"),
        blocks=[
            _coverage(brief),
            _position(brief),
            accuracy_classes(brief),
            *datums(brief),
            *points(brief),
            Text(text=brief.say("quality.reach"), tone="plain"),
            _terms(brief),
            _registration(brief),
        ],
    )


def _coverage(brief: Brief) -> Facts:
    inspection = brief.inspection
    coverage, flight = inspection.coverage, inspection.flights.current
    wished = inspection.parameters["analysis"]
    finest = wished["gsd_m"] if isinstance(wished, dict) else None
    gaps = ", ".join(
        brief.say("quality.gap", reason=brief.say(f"gaps.{one.reason}"), area=one.area_ha)
        for one in coverage.gaps
    )
    return Facts(
        rows=[
            (
                brief.say("quality.gsd"),
                brief.say("quality.gsd_value", value=flight.gsd_m, wished=finest),
            ),
            (
                brief.say("quality.observed"),
                brief.say(
                    "quality.observed_value",
                    share=coverage.observed_share,
                    missing=coverage.not_observed_ha,
                    limit=inspection.answers.observed.limit,
                ),
            ),
            (brief.say("quality.gaps"), gaps or brief.say("quality.no_gaps")),
            (
                brief.say("quality.compared"),
                brief.say("values.share", value=coverage.compared_share)
                if coverage.compared_share is not None
                else brief.say("values.not_compared"),
            ),
        ]
    )


def _position(brief: Brief) -> Facts:
    inspection = brief.inspection
    note, system = inspection.position, inspection.position.system
    return Facts(
        rows=[
            (
                brief.say("quality.crs"),
                brief.say("quality.crs_value", code=system.crs, name=system.name),
            ),
            (
                brief.say("quality.datum"),
                stated_datum(brief),
            ),
            (brief.say("quality.method"), brief.say(f"quality.methods.{note.method}")),
            *fitting(brief),
            *_matching(brief),
            (
                brief.say("quality.rmse"),
                brief.say(
                    "quality.rmse_axes",
                    value=note.rmse_m,
                    east=note.rmse_east_m,
                    north=note.rmse_north_m,
                    largest=note.largest_m,
                )
                if note.rmse_m is not None
                else brief.say("quality.untested"),
            ),
            (
                brief.say("quality.ce90"),
                brief.say(
                    "quality.ce90_value",
                    value=note.ce90_m,
                    limit=inspection.answers.place.limit,
                )
                if note.ce90_m is not None
                else brief.say("quality.untested"),
            ),
            (
                brief.say("quality.uncertainty"),
                brief.say(
                    "quality.uncertainty_value",
                    value=note.uncertainty_m,
                    limit=inspection.answers.place.limit,
                ),
            ),
        ]
    )


def _matching(brief: Brief) -> list[tuple[str, str]]:
    note = brief.inspection.position.reference
    if note is None:
        return []
    said = brief.say(
        "quality.match_value",
        name=note.name,
        kind=brief.say(f"quality.kinds.{note.transformation}"),
        ties=note.tie_points,
        held_back=note.held_back,
        rmse=note.rmse_m,
        ce90=note.ce90_m,
    )
    return [(brief.say("quality.match"), said)]


def _terms(brief: Brief) -> Table:
    note = brief.inspection.position
    rows = [
        [brief.say(f"quality.terms.{name}"), brief.say("values.metres3", value=term)]
        for name, term in note.terms_m.items()
    ]
    total = brief.say("values.metres3", value=note.uncertainty_m)
    return Table(
        caption=brief.say("quality.sum"),
        head=[brief.say("quality.term"), brief.say("quality.size")],
        rows=[*rows, [brief.say("quality.together"), total]],
        widths=[3, 1],
        numbers=(1,),
    )


def _registration(brief: Brief) -> Facts:
    note, limit = brief.inspection.registration, brief.inspection.answers.comparable.limit
    rows = [(brief.say("quality.registration"), brief.say(f"quality.statuses.{note.status}"))]
    if note.residual_m is not None:
        rows.append(
            (
                brief.say("quality.residual"),
                brief.say("quality.residual_value", value=note.residual_m, limit=limit),
            )
        )
    if note.status is RegistrationStatus.REGISTERED and note.shift_m is not None:
        agreement = brief.known(note.agreement_m, "metres3")
        rows += [
            (
                brief.say("quality.shift"),
                brief.say("quality.shift_value", east=note.shift_m[0], north=note.shift_m[1]),
            ),
            (brief.say("quality.ties"), brief.say("values.int", value=note.tie_points)),
            (
                brief.say("quality.agreement"),
                brief.say(
                    "quality.verified" if note.verified else "quality.unverified", value=agreement
                ),
            ),
        ]
    return Facts(rows=rows)
