"""The permit and its parties, as the record that was given says."""

from inspection.language import Json
from inspection.report.brief import Brief, flat
from inspection.report.content import Facts, Section, Text
from inspection.report.fonts import printable

KNOWN = (
    "id",
    "kind",
    "stage",
    "holder",
    "nib",
    "application_no",
    "commodity",
    "authority",
    "village",
    "district",
    "regency",
    "valid_from",
    "valid_until",
    "declared_area_ha",
    "limits.max_disturbed_ha",
)
FORMS = {
    "valid_from": "date",
    "valid_until": "date",
    "declared_area_ha": "ha2",
    "limits.max_disturbed_ha": "ha2",
}


def permit(brief: Brief) -> Section:
    """Print every value of the record under its label; what has none under its own name."""
    record = brief.inspection.permit
    title = brief.say("permit.title")
    if record is None:
        absent = Text(text=brief.say("permit.absent"), tone="note")
        return Section(name="permit", title=title, blocks=[absent])
    values = dict(flat(record))
    rows = [
        (brief.say(f"permit.{name.replace('.', '_')}"), _value(name, values.pop(name), brief))
        for name in KNOWN
        if name in values
    ]
    rows += [(printable(name), _value(name, value, brief)) for name, value in values.items()]
    return Section(
        name="permit",
        title=title,
        blocks=[Facts(rows=rows), Text(text=brief.say("permit.source"), tone="quiet")],
    )


def _value(name: str, value: Json, brief: Brief) -> str:
    if isinstance(value, list):
        return ", ".join(_value(name, one, brief) for one in value) or brief.known(None)
    if isinstance(value, dict):
        parts = (f"{part}: {_value(part, one, brief)}" for part, one in value.items())
        return printable(", ".join(parts)) or brief.known(None)
    if isinstance(value, bool):
        return brief.say("values.yes" if value else "values.no")
    if isinstance(value, int | float):
        return brief.known(value, FORMS.get(name, "number"))
    return brief.known(value, FORMS.get(name, "")) if value else brief.known(None)
