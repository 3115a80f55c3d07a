"""The inspection itself, and the log of the flights."""

from inspection.provenance import FlightNote, HeightsNote, SunNote
from inspection.report.brief import Brief
from inspection.report.content import Facts, Section, Table, Text
from inspection.report.fonts import printable

LOG = {
    "ended": ("capture.end",),
    "pilot": ("operator", "pilot.name", "pilot.certificate"),
    "aircraft": (
        "aircraft.model",
        "aircraft.registration",
        "aircraft.serial",
        "aircraft.firmware",
        "camera.model",
    ),
    "height": (
        "heights.above_ground_m",
        "heights.terrain",
        "heights.above_take_off_m",
        "heights.above_sea_m",
        "surface.heights",
    ),
    "gnss": ("gnss.method", "gnss.base", "gnss.mount_point", "gnss.realization", "gnss.epoch"),
    "airspace": (
        "permits.airspace_class",
        "permits.flight_approval.number",
        "permits.flight_approval.not_required_because",
        "permits.notam.number",
        "permits.notam.not_required_because",
        "permits.security.number",
        "permits.security.not_required_because",
        "permits.airport_zone",
        "permits.insurance",
        "permits.landowner_notice",
    ),
    "weather": ("weather.sky", "weather.wind_ms"),
    "plan": (
        "plan.forward_overlap",
        "plan.side_overlap",
        "plan.control_points",
        "plan.check_points",
        "photos.count",
    ),
    "incidents": ("incidents",),
}
"""Rows of the report, and the entries of a flight log that each of them tells."""


def flights(brief: Brief) -> Section:
    """State when and from what the inspection was made."""
    inspection = brief.inspection
    both = [("current", inspection.flights.current), ("baseline", inspection.flights.baseline)]
    flown = [(role, flight) for role, flight in both if flight is not None]
    told = [_told(flight, brief) for _, flight in flown]
    rows = [[brief.say(f"flights.{what}"), *(one[what] for one in told)] for what in told[0]]
    missing = brief.say("values.not_supplied")
    rows += [
        [
            brief.say(f"flights.{what}"),
            *(_claimed(flight, what, brief) or missing for _, flight in flown),
        ]
        for what in LOG
    ]
    # A report that was issued again is younger than the inspection it tells of.
    made_at = inspection.review.of.created_at if inspection.review else inspection.created_at
    return Section(
        name="flights",
        title=brief.say("flights.title"),
        blocks=[
            Facts(
                rows=[
                    (brief.say("flights.made_at"), brief.known(made_at, "moment")),
                    (
                        brief.say("flights.profile"),
                        brief.say(
                            "flights.profile_value",
                            name=inspection.profile.name,
                            version=inspection.profile.version,
                            authority=inspection.profile.authority,
                        ),
                    ),
                    (brief.say("flights.profile_source"), brief.known(inspection.profile.source)),
                ]
            ),
            Table(
                caption=brief.say("flights.log"),
                head=[
                    brief.say("flights.what"),
                    *(brief.say(f"roles.{role}") for role, _ in flown),
                ],
                rows=rows,
                widths=[1.2, *(2.0 for _ in flown)],
            ),
            Text(text=brief.say("flights.claimed"), tone="quiet"),
        ],
    )


def _claimed(flight: FlightNote, what: str, brief: Brief) -> str:
    """Entries of one row in words, those of the log before those of the file."""
    told = []
    for source in ("log", "file"):
        parts = [
            brief.say(f"flight_log.{name.replace('.', '_')}", value=_value(name, flight, brief))
            for name in LOG[what]
            if name in flight.log and flight.log[name].source == source
        ]
        if parts:
            told.append(brief.say(f"flights.from_{source}", entries="; ".join(parts)))
    return "; ".join(told)


def _value(name: str, flight: FlightNote, brief: Brief) -> str | int | float:
    value = flight.log[name].value
    return brief.say(f"gnss_methods.{value}") if name == "gnss.method" else value


def _told(flight: FlightNote, brief: Brief) -> dict[str, str]:
    surface = flight.heights
    return {
        "captured_at": brief.known(flight.captured_at, "moment"),
        "sun": _sun(flight.sun, brief),
        "file": printable(flight.name),
        "gsd": brief.known(flight.gsd_m, "metres3"),
        "size": brief.say("flights.pixels", rows=flight.rows, columns=flight.columns),
        "crs": printable(flight.crs),
        "software": brief.known(flight.software),
        "heights": _surface(surface, brief) if surface else brief.known(None),
    }


def _sun(sun: SunNote | None, brief: Brief) -> str:
    if sun is None:
        return brief.say("flights.sun_unknown")
    if sun.elevation_deg < 0:
        return brief.say("flights.sun_down", below=-sun.elevation_deg)
    return brief.say("flights.sun_value", azimuth=sun.azimuth_deg, elevation=sun.elevation_deg)


def _surface(surface: HeightsNote, brief: Brief) -> str:
    """Name the file, and what its heights count in and from as far as somebody states it."""
    told = [brief.say("flights.surface", name=surface.name, gsd=surface.gsd_m)]
    if surface.unit_m is None:
        told.append(brief.say("flights.surface_unit_unknown"))
    else:
        told.append(brief.say("flights.surface_unit", value=abs(surface.unit_m)))
    if surface.counted_from is not None:
        told.append(brief.say("flights.surface_from", level=printable(surface.counted_from)))
    elif surface.heights_by in ("option", "log"):
        told.append(brief.say("flights.surface_from_one"))
    else:
        told.append(brief.say("flights.surface_from_unknown"))
    if surface.heights_by is not None:
        told.append(brief.say(f"flights.surface_by_{surface.heights_by}"))
    return "; ".join(told)
