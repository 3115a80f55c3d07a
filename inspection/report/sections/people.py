"""What imagery cannot show, and the room that only people fill."""

from inspection.report.brief import Brief
from inspection.report.content import Bullets, Form, Section, Signatures, Text

BLIND = ("canopy", "shadow", "water", "depth", "ownership", "time", "indoors")
FORMS = {
    "observations": 4,
    "holder": 3,
    "legal_basis": 3,
    "corrective": 3,
    "decision": 3,
}


def unseen(brief: Brief) -> Section:
    """Say what no picture from above can tell."""
    return Section(
        name="unseen",
        title=brief.say("unseen.title"),
        blocks=[
            Text(text=brief.say("unseen.intro")),
            Bullets(title="", items=[brief.say(f"unseen.{name}") for name in BLIND]),
        ],
    )


def people(brief: Brief) -> Section:
    """Leave room for what the software does not say."""
    lines = [brief.say(f"people.{name}") for name in ("name", "number", "office", "date")]
    signers = ("inspector", "reviewer", "holder_signs")
    return Section(
        name="people",
        title=brief.say("people.title"),
        new_page=True,
        blocks=[
            Text(text=brief.say("people.intro"), tone="note"),
            *(Form(label=brief.say(f"people.{name}"), lines=n) for name, n in FORMS.items()),
            Signatures(
                box=brief.say("people.box"),
                names=[(brief.say(f"people.{who}"), lines) for who in signers],
            ),
        ],
    )
