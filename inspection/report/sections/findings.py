"""The findings: one table of all, and a page for each of the main ones."""

from collections.abc import Iterator, Mapping

import shapely
from shapely import Geometry, LinearRing

from geo.crs import LONLAT, moved_shape
from inspection.document import Finding
from inspection.report.brief import Brief
from inspection.report.content import Block, Bullets, Facts, Picture, Pictures, Section, Table, Text
from inspection.report.fonts import printable
from inspection.report.sections.boundary import Corner, corner_table
from inspection.report.sections.review import outcome

MOST_CORNERS = 28
FIRST_TOLERANCE_M = 0.25


def findings(brief: Brief) -> Iterator[Section]:
    """Give the table of all findings, then the pages of the main ones."""
    every, main = brief.inspection.findings, brief.main
    blocks: list[Block] = [Text(text=brief.say("findings.none"))]
    if every:
        blocks = [
            Text(
                text=brief.say(
                    "findings.how" if main else "findings.how_unpaged",
                    count=len(every),
                    main=len(main),
                )
            ),
            Table(
                head=[
                    brief.say(f"findings.{name}")
                    for name in ("id", "class", "epoch", "location", "area", "beyond", "sure")
                ],
                rows=[_row(one, brief) for one in every[: brief.rows]],
                widths=[0.7, 1.9, 1.4, 1.3, 1.5, 1.1, 1.5],
                numbers=(4, 5),
            ),
        ]
        if brief.rows is not None and len(every) > brief.rows:
            rest = len(every) - brief.rows
            blocks.append(Text(text=brief.say("findings.rest", count=rest), tone="note"))
    if (earth := brief.inspection.earth_moved) is not None:
        blocks.append(
            Text(
                text=brief.say(
                    "findings.earth",
                    findings=earth.findings,
                    net=earth.net_m3,
                    net_uncertainty=earth.net_uncertainty_m3,
                    cut=earth.cut_m3,
                    cut_uncertainty=earth.cut_uncertainty_m3,
                    fill=earth.fill_m3,
                    fill_uncertainty=earth.fill_uncertainty_m3,
                )
            )
        )
    blocks += [
        Text(text=brief.warning(one), tone="note")
        for one in brief.inspection.warnings
        if one.code.startswith("volume_")
    ]
    yield Section(
        name="findings", title=brief.say("findings.title"), blocks=blocks, new_page=bool(every)
    )
    for finding in main:
        yield _page(finding, brief)


def _row(one: Finding, brief: Brief) -> list[str]:
    return [
        one.id,
        _class(one, brief, whole=False),
        brief.epoch(one.epoch),
        brief.say(f"locations.{one.location}"),
        brief.say("findings.area_pm", value=one.area_m2, uncertainty=one.area_uncertainty_m2),
        "–"  # noqa: RUF001 - a dash is meant
        if one.distance_outside_m is None
        else brief.say("values.metres", value=one.distance_outside_m),
        _confidence(one, brief),
    ]


def _class(one: Finding, brief: Brief, *, whole: bool) -> str:
    """Our word for the ground, and the authority's own where it has one that says something."""
    ours = brief.say(f"classes.{one.ground_class}")
    named = brief.inspection.parameters.get("classes")
    words = named if isinstance(named, Mapping) else {}
    theirs = words.get(one.ground_class)
    if theirs is None or (theirs == words.get("other") and not whole):
        return ours
    return f"{ours} ({printable(str(theirs))})"


def _confidence(one: Finding, brief: Brief) -> str:
    words = brief.say(f"findings.{one.robustness}")
    if one.certainty is not None:
        words = f"{brief.say(f'findings.band_{one.certainty}')}, {words}"
    return brief.say("findings.confidence", value=one.confidence, robustness=words)


def _page(one: Finding, brief: Brief) -> Section:
    corners, tolerance_m = _corners(one, brief)
    thinned = brief.say("findings.thinned", tolerance=tolerance_m) if tolerance_m else ""
    return Section(
        name=f"finding-{one.id}",
        level=2,
        new_page=True,
        title=brief.say(
            "findings.page",
            id=one.id,
            ground=brief.say(f"classes.{one.ground_class}"),
            epoch=brief.epoch(one.epoch),
        ),
        blocks=[
            Pictures(pictures=list(_crops(one, brief)), columns=2),
            Facts(rows=list(_facts(one, brief))),
            Bullets(
                title=brief.say("findings.reasons"),
                items=[brief.told(said) for said in one.reasons_said],
            ),
            Bullets(
                title=brief.say("findings.doubts"),
                items=[brief.told(said) for said in one.may_be_false_because_said]
                or [brief.say("findings.no_doubt")],
            ),
            corner_table(corners, brief, caption=brief.say("findings.corners") + thinned),
        ],
    )


def _crops(one: Finding, brief: Brief) -> Iterator[Picture]:
    flights = brief.inspection.flights
    dates = [("before", flights.baseline), ("after", flights.current)]
    for name, flight in dates:
        if flight is not None:
            day = brief.known(flight.captured_at, "moment")
            yield Picture(
                name=f"{one.id}-{name}",
                alt=brief.say(f"findings.{name}_alt", id=one.id, day=day),
                caption=brief.say(f"findings.{name}", day=day),
            )


def _facts(one: Finding, brief: Brief) -> Iterator[tuple[str, str]]:
    if (made_of_it := outcome(one.id, brief)) is not None:
        yield brief.say("review.outcome"), made_of_it
    yield brief.say("findings.class"), _class(one, brief, whole=True)
    yield brief.say("findings.location"), brief.say(f"locations.{one.location}")
    yield brief.say("findings.arose"), _arose(one, brief)
    yield (
        brief.say("findings.area"),
        brief.say("answers.pm_m2", value=one.area_m2, uncertainty=one.area_uncertainty_m2),
    )
    yield (
        brief.say("findings.split"),
        brief.say(
            "findings.split_value",
            inside=one.area_inside_m2,
            band=one.area_uncertain_m2,
            outside=one.area_outside_m2,
        ),
    )
    if one.distance_outside_m is not None:
        reach = brief.inspection.position.uncertainty_m
        yield (
            brief.say("findings.beyond"),
            brief.say("findings.beyond_value", value=one.distance_outside_m, uncertainty=reach),
        )
    if one.volume_m3 is not None:
        yield (
            brief.say("findings.volume"),
            brief.say(
                "findings.volume_value",
                value=one.volume_m3,
                uncertainty=one.volume_uncertainty_m3,
                cut=one.cut_m3,
                cut_uncertainty=one.cut_uncertainty_m3,
                fill=one.fill_m3,
                fill_uncertainty=one.fill_uncertainty_m3,
            )
            # Reports made before cut and fill had limits of their own.
            if one.cut_uncertainty_m3 is not None
            else brief.say(
                "findings.volume_value_plain",
                value=one.volume_m3,
                uncertainty=one.volume_uncertainty_m3,
                cut=one.cut_m3,
                fill=one.fill_m3,
            ),
        )
    yield brief.say("findings.sure"), _confidence(one, brief)
    yield (
        brief.say("findings.place"),
        brief.say("findings.place_value", longitude=one.longitude, latitude=one.latitude),
    )


def _arose(one: Finding, brief: Brief) -> str:
    flights = brief.inspection.flights
    earlier, later = flights.baseline, flights.current.captured_at
    if earlier is None or brief.inspection.ledger_ha.new is None:
        key, dates = "unknown", {"later": later}
    else:
        key = one.epoch if one.epoch != "standing" else "before"
        dates = {"earlier": earlier.captured_at, "later": later}
    if None in dates.values():
        return brief.say(f"findings.arose_{key}_undated")
    days = {name: brief.known(day, "moment") for name, day in dates.items()}
    return brief.say(f"findings.arose_{key}", **days)


def _corners(one: Finding, brief: Brief) -> tuple[list[Corner], float]:
    """Corners of the outline, thinned until a page holds them, and by how much at most."""
    shape, tolerance_m = brief.scene.shape(one), 0.0
    thin = shape
    while shapely.get_num_coordinates(thin) > MOST_CORNERS + len(shapely.get_parts(thin)):
        tolerance_m = tolerance_m * 2 or FIRST_TOLERANCE_M
        thin = shapely.simplify(shape, tolerance_m, preserve_topology=tolerance_m < 1000)  # noqa: PLR2004
    degrees = moved_shape(thin, source=brief.scene.crs, target=LONLAT)
    corners: list[Corner] = []
    for metric, angular in zip(_outlines(thin), _outlines(degrees), strict=True):
        places = zip(metric.coords[:-1], angular.coords[:-1], strict=True)
        for (east, north), (longitude, latitude) in places:
            corners.append((str(len(corners) + 1), longitude, latitude, east, north))
    return corners, tolerance_m


def _outlines(shape: Geometry) -> Iterator[LinearRing]:
    for part in shapely.get_parts(shape):
        yield from (part.exterior, *part.interiors)
