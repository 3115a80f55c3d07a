"""The maps: before, after, and how far the two differ; all to one scale and one stretch."""

from inspection.model import RegistrationStatus
from inspection.report.brief import Brief
from inspection.report.content import Block, Pictures, Section, Text


def maps(brief: Brief) -> Section:
    """Show the ground on both dates and the difference between them."""
    inspection = brief.inspection
    earlier = inspection.flights.baseline
    compared = inspection.registration.status is RegistrationStatus.REGISTERED
    blocks: list[Block] = [Text(text=brief.say("maps.how"), tone="quiet")]
    if not compared:
        key = "maps.single" if earlier is None else "maps.not_comparable"
        blocks.append(Text(text=brief.say(key), tone="note"))
    blocks.append(
        Pictures.one(
            "legend", alt=brief.say("maps.legend_alt"), caption=brief.say("maps.legend_caption")
        )
    )
    if earlier is not None:
        blocks.append(_one("before", earlier.captured_at, brief))
    blocks.append(_one("after", inspection.flights.current.captured_at, brief))
    if compared:
        blocks.append(_one("difference", None, brief))
    return Section(name="maps", title=brief.say("maps.title"), blocks=blocks, new_page=True)


def _one(name: str, when: str | None, brief: Brief) -> Pictures:
    day = brief.known(when, "moment")
    return Pictures.one(
        name,
        alt=brief.say(f"maps.{name}_alt", day=day),
        caption=brief.say(f"maps.{name}_caption", day=day),
    )
