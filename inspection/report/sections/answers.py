"""Page one: the five answers, the main numbers, and what may be done next."""

from inspection.document import Answer, counting
from inspection.report.brief import Brief
from inspection.report.content import Bullets, Question, Questions, Section, Table, Text

QUESTIONS = ("place", "observed", "comparable", "outside", "limits")
FORMS = {"m": "m", "ha": "ha", "1": "share"}


def answers(brief: Brief) -> Section:
    """Answer the five questions with one sentence and one number each."""
    inspection = brief.inspection
    given = {name: getattr(inspection.answers, name) for name in QUESTIONS}
    return Section(
        name="answers",
        title=brief.say("answers.title"),
        blocks=[
            Questions(
                rows=[
                    Question(
                        title=brief.words.say(f"summary.questions.{name}"),
                        mark=brief.reply(name, answer),
                        sentence=brief.told(answer.said),
                        figures=_figures(answer, brief),
                    )
                    for name, answer in given.items()
                ]
            ),
            _main_numbers(brief),
            Bullets(
                title=brief.say("answers.next"),
                items=[brief.told(step.said) for step in inspection.next_steps],
                numbered=True,
            ),
            *_warnings(brief),
            Text(text=brief.say("answers.observation"), tone="note"),
        ],
    )


def _warnings(brief: Brief) -> list[Bullets]:
    warned = [brief.warning(one) for one in brief.inspection.warnings]
    return [Bullets(title=brief.say("answers.warnings"), items=warned)] if warned else []


def _figures(answer: Answer, brief: Brief) -> list[str]:
    """Value ± and limit, in the unit of the question."""
    form = FORMS[answer.unit]
    parts = []
    if answer.value is not None:
        pair = answer.uncertainty is not None and form != "share"
        key = f"answers.{form}_pm" if pair else f"answers.{form}"
        parts.append(brief.say(key, value=answer.value, uncertainty=answer.uncertainty))
    if answer.limit is not None:
        parts.append(brief.say(f"answers.{form}_limit", limit=answer.limit))
    return parts


def _main_numbers(brief: Brief) -> Table:
    """Disturbed ground by epoch and place, with how far it can be trusted."""
    inspection = brief.inspection
    counted = counting(inspection.findings, inspection.review)
    rows = []
    for epoch in ("new", "standing", "recovered"):
        found = [one for one in counted if one.epoch == epoch]
        if epoch != "standing" and getattr(inspection.ledger_ha, epoch) is None:
            cells = [brief.say("values.not_compared")] * 5
        else:
            parts = [
                sum(getattr(one, f"area_{part}_m2") for one in found)
                for part in ("inside", "uncertain", "outside", "uncertainty")
            ]
            cells = [brief.say("values.int", value=len(found))]
            cells += [brief.say("values.square_metres", value=part) for part in parts[:3]]
            cells += [brief.say("answers.pm_m2", value=sum(parts[:3]), uncertainty=parts[3])]
        named = brief.epoch(epoch) if epoch == "standing" else brief.say(f"epochs.{epoch}")
        rows.append([named, *cells])
    return Table(
        caption=brief.say("answers.numbers" if inspection.review is None else "answers.counted"),
        head=[
            brief.say("answers.what"),
            brief.say("answers.count"),
            *(brief.say(f"locations.{part}") for part in ("inside", "uncertain", "outside")),
            brief.say("answers.together"),
        ],
        rows=rows,
        widths=[2.2, 0.9, 1.3, 1.5, 1.3, 1.8],
        numbers=(1, 2, 3, 4, 5),
    )
