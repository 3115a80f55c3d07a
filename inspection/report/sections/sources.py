"""The sources: every file that went in, with its date and its hash."""

from inspection.provenance import SourceNote
from inspection.report.brief import Brief
from inspection.report.content import Codes, Section, Table, Text
from inspection.report.fonts import printable

LAYER = "layer:"


def sources(brief: Brief) -> Section:
    """List every input as it came."""
    given = brief.inspection.sources
    return Section(
        name="sources",
        title=brief.say("sources.title"),
        blocks=[
            Table(
                head=[brief.say(f"sources.{name}") for name in ("role", "name", "date", "size")],
                rows=[
                    [
                        role_of(one.role, brief),
                        printable(one.name),
                        _date(one, brief),
                        brief.say("values.int", value=one.size),
                    ]
                    for one in given
                ],
                widths=[1.8, 2, 1.4, 0.9],
                numbers=(3,),
            ),
            Text(text=brief.say("sources.hashes"), tone="quiet"),
            Codes(rows=[(printable(one.name), one.sha256) for one in given]),
        ],
    )


def role_of(role: str, brief: Brief) -> str:
    """What a file was brought as, in words."""
    if role.startswith(LAYER):
        return brief.say("roles.layer", name=role.removeprefix(LAYER))
    return brief.say(f"roles.{role}")


def _date(one: SourceNote, brief: Brief) -> str:
    """A day, or a day and a clock, as far as the file claims one."""
    if one.date is None:
        return brief.known(None)
    return brief.known(one.date, "moment" if "T" in one.date else "day")
