"""Rules that the database itself keeps: rows that are never changed, and never change hands."""

from alembic import op

from inspection.records.engine import is_sqlite

_FUNCTION = """
    CREATE FUNCTION tinjau_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'tinjau: % of % is refused', TG_OP, TG_TABLE_NAME; END $$
"""


def make_refusal() -> None:
    """What the rules of PostgreSQL call; SQLite needs nothing of the kind."""
    if not is_sqlite(op.get_bind()):
        op.execute(_FUNCTION)


def never_changed(table: str, *, columns: tuple[str, ...] = ()) -> None:
    """Rows of this table are added, and neither deleted nor changed (or not in these columns)."""
    _refuse(table, "DELETE", f"{table}_no_delete")
    _refuse(table, f"UPDATE OF {', '.join(columns)}" if columns else "UPDATE", f"{table}_no_update")


def never_moved(table: str) -> None:
    """Rows of this table stay with their office."""
    _refuse(table, "UPDATE OF office_id", f"{table}_keeps_office")


def _refuse(table: str, verb: str, name: str) -> None:
    # The names are those of our own tables, written in the steps.
    if is_sqlite(op.get_bind()):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'tinjau: {verb} of {table} is refused'); END"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION tinjau_refuse()"
        )
