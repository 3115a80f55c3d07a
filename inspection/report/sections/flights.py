"""The inspection itself, and the log of the flights."""

from inspection.provenance import FlightNote
from inspection.report.brief import Brief
from inspection.report.content import Facts, Section, Table, Text
from inspection.report.fonts import printable

LOG = ("pilot", "aircraft", "height", "gnss", "airspace", "weather")
"""What a flight log holds that no file of the flight states."""


def flights(brief: Brief) -> Section:
    """State when and from what the inspection was made."""
    inspection = brief.inspection
    both = [("current", inspection.flights.current), ("baseline", inspection.flights.baseline)]
    flown = [(role, flight) for role, flight in both if flight is not None]
    told = [_told(flight, brief) for _, flight in flown]
    rows = [[brief.say(f"flights.{what}"), *(one[what] for one in told)] for what in told[0]]
    missing = brief.say("values.not_supplied")
    rows += [[brief.say(f"flights.{what}"), *(missing for _ in flown)] for what in LOG]
    return Section(
        name="flights",
        title=brief.say("flights.title"),
        blocks=[
            Facts(
                rows=[
                    (brief.say("flights.made_at"), brief.known(inspection.created_at, "moment")),
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


def _told(flight: FlightNote, brief: Brief) -> dict[str, str]:
    surface = flight.heights
    return {
        "captured_at": brief.known(flight.captured_at, "moment"),
        "file": printable(flight.name),
        "gsd": brief.known(flight.gsd_m, "metres3"),
        "size": brief.say("flights.pixels", rows=flight.rows, columns=flight.columns),
        "crs": printable(flight.crs),
        "software": brief.known(flight.software),
        "heights": brief.say("flights.surface", name=surface.name, gsd=surface.gsd_m)
        if surface
        else brief.known(None),
    }
