"""The table of contents: a report composed of its sections, in the order they are read."""

from datetime import datetime

from inspection.report.brief import Brief
from inspection.report.content import Cover, Report, Section
from inspection.report.fonts import printable
from inspection.report.imagery import Quality
from inspection.report.seal import verification_code
from inspection.report.sections.annex import annex
from inspection.report.sections.answers import answers
from inspection.report.sections.boundary import boundary
from inspection.report.sections.findings import findings
from inspection.report.sections.flights import flights
from inspection.report.sections.layers import layers
from inspection.report.sections.ledger import ledger
from inspection.report.sections.limits import limits
from inspection.report.sections.maps import maps
from inspection.report.sections.method import method
from inspection.report.sections.people import people, unseen
from inspection.report.sections.permit import permit
from inspection.report.sections.quality import quality
from inspection.report.sections.review import review
from inspection.report.sections.sources import sources

SHORT_HASH = 16


def composed(brief: Brief, drawn: Quality) -> Report:
    """Compose the report of one inspection in one language, as finely as it is printed."""
    inspection = brief.inspection
    sections: list[Section] = [
        answers(brief),
        *review(brief),
        permit(brief),
        flights(brief),
        boundary(brief),
        quality(brief),
        maps(brief),
        *findings(brief),
        layers(brief),
        limits(brief),
        ledger(brief),
        unseen(brief),
        people(brief),
        method(brief),
        sources(brief),
        annex(brief),
    ]
    return Report(
        language=str(brief.words.language),
        title=brief.say("cover.document", id=inspection.id),
        cover=_cover(brief),
        sections=sections,
        header=(
            brief.say("cover.running", id=inspection.id),
            brief.say(f"cover.states.{inspection.record.state}"),
        ),
        footer=brief.say("cover.short", hash=brief.sha256[:SHORT_HASH]),
        page_words=(brief.say("cover.page"), brief.say("cover.of")),
        paper_mm=brief.rules.paper_mm,
        created_at=datetime.fromisoformat(inspection.created_at).timetuple()[:6],
        sha256=brief.sha256,
        how_printed=_how_printed(brief, drawn),
        attached=brief.say("cover.attached") if brief.embedded else "",
    )


def _how_printed(brief: Brief, drawn: Quality) -> list[str]:
    """Say in keywords how a paper differs from the full one, so that it can be set anew."""
    said = [] if brief.embedded else ["data:none"]
    said += [] if brief.paged else ["pages:none"]
    said += [] if brief.rows is None else [f"rows:{brief.rows}"]
    return [*said, f"lines:{drawn.coarseness:g}"]


def _cover(brief: Brief) -> Cover:
    inspection = brief.inspection
    record, permit_record = inspection.record, inspection.permit or {}
    holder, permit_id = permit_record.get("holder"), permit_record.get("id")
    named = [printable(str(part)) for part in (permit_id, holder) if part]
    code = verification_code(brief.sha256)
    return Cover(
        title=brief.say("cover.title"),
        subtitle=" · ".join(named) or brief.say("cover.no_permit"),
        rows=[
            (brief.say("cover.id"), inspection.id),
            (
                brief.say("cover.version"),
                brief.say("cover.unnumbered")
                if record.version is None
                else brief.say("values.int", value=record.version),
            ),
            (
                brief.say("cover.supersedes"),
                record.supersedes[:SHORT_HASH] + " …"
                if record.supersedes
                else brief.say("cover.supersedes_none"),
            ),
            (brief.say("cover.made"), brief.known(inspection.created_at, "moment")),
            (brief.say("cover.hash"), brief.sha256[:SHORT_HASH] + " …"),
        ],
        state=brief.say(f"cover.states.{record.state}"),
        code_label=brief.say("cover.code"),
        code=code,
        qr="qr",
        qr_alt=brief.say("cover.qr_alt", code=code),
    )
