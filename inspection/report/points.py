"""What the report tells of control points: the fit, and by how much each is missed."""

from inspection.report.brief import Brief
from inspection.report.content import Block, Pictures, Table
from inspection.report.fonts import printable


def fitting(brief: Brief) -> list[tuple[str, str]]:
    """State which transformation was chosen, what else was tried, and how points were moved."""
    note = brief.inspection.position.transformation
    if note is None:
        return []
    kind = brief.say(f"quality.kinds.{note.kind}")
    errors = ", ".join(
        brief.say(
            "quality.transformation_error", kind=brief.say(f"quality.kinds.{one}"), value=value
        )
        for one, value in note.loo_rmse_m.items()
        if value is not None
    )
    key = "quality.transformation_value" if errors else "quality.transformation_bare"
    rows = [(brief.say("quality.transformation"), brief.say(key, kind=kind, errors=errors))]
    way = note.operation
    if way is not None:
        known = "quality.points_system_value"
        key = "quality.points_system_unstated" if way.accuracy_m is None else known
        key = key if way.applied else "quality.points_system_kept"
        said = brief.say(key, name=way.name, accuracy=way.accuracy_m)
        rows.append((brief.say("quality.points_system"), said))
    return rows


def points(brief: Brief) -> list[Block]:
    """Print by how much the picture misses each point, as a table and as arrows."""
    residuals = brief.inspection.position.residuals
    if not residuals:
        return []
    return [
        Table(
            caption=brief.say("quality.points"),
            head=[
                brief.say("quality.point"),
                brief.say("quality.role"),
                brief.say("quality.east"),
                brief.say("quality.north"),
                brief.say("quality.radial"),
            ],
            rows=[
                [
                    printable(one.name),
                    brief.say(f"quality.point_roles.{one.role}"),
                    brief.say("values.metres3", value=one.east_m),
                    brief.say("values.metres3", value=one.north_m),
                    brief.say("values.metres3", value=(one.east_m**2 + one.north_m**2) ** 0.5),
                ]
                for one in residuals
            ],
            widths=[1.2, 1.6, 1, 1, 1],
            numbers=(2, 3, 4),
        ),
        Pictures.one(
            "vectors",
            alt=brief.say("quality.vectors_alt"),
            caption=brief.say("quality.vectors_caption"),
        ),
    ]
