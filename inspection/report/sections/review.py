"""What people made of the findings, and their decision: in a report that was issued again."""

from collections.abc import Iterator

from inspection.document import Finding
from inspection.report.brief import Brief
from inspection.report.content import Block, Facts, Section, Table, Text
from inspection.report.fonts import printable
from inspection.review_note import FindingReview, Person, ReviewedValues, ReviewNote

SHORT_HASH = 16


def review(brief: Brief) -> Iterator[Section]:
    """Give the decision, what counts after it, and the outcome of every finding."""
    note = brief.inspection.review
    if note is None:
        return
    blocks: list[Block] = [
        Facts(rows=list(_decision(note, brief))),
        Text(text=brief.say("review.how"), tone="note"),
        Table(
            caption=brief.say("review.counted"),
            head=[brief.say(f"locations.{part}") for part in ("inside", "uncertain", "outside")],
            rows=[
                [
                    brief.known(getattr(note.areas_ha, part), "ha")
                    for part in ("inside", "uncertain", "outside")
                ]
            ],
            widths=[1, 1, 1],
            numbers=(0, 1, 2),
        ),
    ]
    if note.findings:
        blocks.append(_table(note, brief))
        if brief.rows is not None and len(note.findings) > brief.rows:
            rest = len(note.findings) - brief.rows
            blocks.append(Text(text=brief.say("findings.rest", count=rest), tone="note"))
    yield Section(name="review", title=brief.say("review.title"), blocks=blocks, new_page=True)


def outcome(finding: str, brief: Brief) -> str | None:
    """What was made of a finding, in words; None where nobody reviewed."""
    note = brief.inspection.review
    if note is None:
        return None
    said = next(one for one in note.findings if one.finding == finding)
    return f"{_outcome(said, brief)} ({_by(said.by, brief)}, {brief.known(said.at, 'moment')})"


def _decision(note: ReviewNote, brief: Brief) -> Iterator[tuple[str, str]]:
    decision, counts = note.decision, note.counts
    yield brief.say("review.decision"), brief.say(f"cover.states.{decision.outcome}")
    yield brief.say("review.by"), _by(decision.by, brief)
    yield brief.say("review.at"), brief.known(decision.at, "moment")
    if decision.note:
        yield brief.say("review.note"), printable(decision.note)
    yield (
        brief.say("review.of"),
        brief.say("review.of_value", version=note.of.version, hash=note.of.sha256[:SHORT_HASH]),
    )
    yield (
        brief.say("review.counts"),
        brief.say(
            "review.counts_value",
            accepted=counts.accepted,
            rejected=counts.rejected,
            edited=counts.edited,
            added=counts.added,
        ),
    )


def _table(note: ReviewNote, brief: Brief) -> Table:
    found: dict[str, Finding | ReviewedValues] = {one.id: one for one in brief.inspection.findings}
    found |= {one.id: one.values for one in note.added}
    added = {one.id for one in note.added}
    return Table(
        caption=brief.say("review.outcomes"),
        head=[
            brief.say("findings.id"),
            brief.say("findings.class"),
            brief.say("findings.location"),
            brief.say("findings.area"),
            brief.say("review.outcome"),
            brief.say("review.who"),
        ],
        rows=[
            _row(one, found[one.finding], brief, is_added=one.finding in added)
            for one in note.findings[: brief.rows]
        ],
        widths=[0.6, 2.0, 1.2, 1.3, 2.1, 2.6],
    )


def _row(
    said: FindingReview, found: Finding | ReviewedValues, brief: Brief, *, is_added: bool
) -> list[str]:
    counts = said.values or found
    words = [_what(counts, brief), brief.say(f"locations.{counts.location}"), _area(counts, brief)]
    if said.values is not None:
        before = [
            _what(found, brief),
            brief.say(f"locations.{found.location}"),
            _area(found, brief),
        ]
        words = [
            now if now == then else brief.say("review.was", now=now, then=then)
            for now, then in zip(words, before, strict=True)
        ]
    told = _outcome(said, brief)
    if is_added:
        told = f"{brief.say('review.by_hand')} {told}"
    who = f"{_by(said.by, brief)}, {brief.known(said.at, 'moment')}"
    return [said.finding, *words, told, who]


def _what(one: Finding | ReviewedValues, brief: Brief) -> str:
    return f"{brief.say(f'classes.{one.ground_class}')}, {brief.epoch(one.epoch)}"


def _area(one: Finding | ReviewedValues, brief: Brief) -> str:
    return brief.say("answers.pm_m2", value=one.area_m2, uncertainty=one.area_uncertainty_m2)


def _outcome(said: FindingReview, brief: Brief) -> str:
    parts = [brief.say(f"review.outcomes_said.{said.outcome}")]
    if said.reason_code:
        parts.append(brief.say(f"review.reasons.{said.reason_code}"))
    told = ": ".join(parts) + "."
    return f"{told} {printable(said.note)}" if said.note else told


def _by(person: Person, brief: Brief) -> str:
    return f"{printable(person.name)} ({brief.say(f'review.roles.{person.role}')})"
