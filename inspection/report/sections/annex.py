"""The annex: what the seal covers, which versions computed, and how to verify."""

from inspection.report.brief import Brief
from inspection.report.content import Bullets, Codes, Facts, Section, Table, Text
from inspection.report.fonts import printable

WAYS = ("folder", "paper", "code", "signature")


def annex(brief: Brief) -> Section:
    """Give what a stranger needs to check this paper."""
    inspection = brief.inspection
    return Section(
        name="annex",
        title=brief.say("annex.title"),
        blocks=[
            Text(text=brief.say("annex.seal")),
            Codes(rows=[("inspection.json", brief.sha256)]),
            Text(
                text=brief.say("annex.embedded" if brief.embedded else "annex.not_embedded"),
                tone="note",
            ),
            Table(
                caption=brief.say("annex.manifest"),
                head=[brief.say("annex.file"), brief.say("annex.bytes")],
                rows=[
                    [printable(one.path), brief.say("values.int", value=one.size)]
                    for one in inspection.pictures
                ],
                widths=[3, 1],
                numbers=(1,),
            ),
            Codes(rows=[(printable(one.path), one.sha256) for one in inspection.pictures]),
            Facts(
                rows=[
                    (brief.say("annex.id"), inspection.id),
                    (brief.say("annex.schema"), inspection.schema_),
                    (brief.say("annex.made"), brief.known(inspection.created_at, "moment")),
                ]
            ),
            Bullets(
                title=brief.say("annex.verify"),
                items=[brief.say(f"annex.{way}", sha256=brief.sha256[:16]) for way in WAYS],
                numbered=True,
            ),
            Table(
                caption=brief.say("annex.software"),
                head=[brief.say("annex.part"), brief.say("annex.version")],
                rows=[
                    [printable(name), printable(version)]
                    for name, version in inspection.software.items()
                ],
                widths=[1, 1],
                abreast=2,
            ),
        ],
    )
