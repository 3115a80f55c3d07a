"""The door: one exported file becomes permits with provenance, by the mapping of its system."""

from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Counts
from datetime import datetime
from pathlib import Path
from typing import Final, TypedDict

from geo.errors import RefusedError, naming
from geo.fault import Fault, Faulty
from geo.intake.digest import sha256_of
from geo.intake.records import read_table, read_tree
from geo.vector.label import plain_name
from geo.vector.unfit import Reason, Unfit
from inspection.exchange.permits.days import Calendar
from inspection.exchange.permits.figures import EXACT_IN_JSON, EXACT_IN_TABLES
from inspection.exchange.permits.imported import Origin, PermitImport, Reading
from inspection.exchange.permits.likely import likely
from inspection.exchange.permits.mapping import Form, Mapping
from inspection.exchange.permits.merging import grouped
from inspection.exchange.permits.outlines import features_of, read_features, with_outline
from inspection.exchange.permits.records import Record, branches_of, mixed_columns, rows_of
from inspection.exchange.permits.taking import Taker
from inspection.problem import Problem, refusal

_SUBJECT: Final = "import"
_MOST_NAMES: Final = 200


class _Left(TypedDict):
    passed_over: Counts[str, int]
    likely: Counts[str, str]


def read_permits(path: Path, mapping: Mapping, *, imported_at: datetime) -> Reading:
    """
    Read what a file brings; a record that cannot be read is told, and the others are read.

    Raises
    ------
    RefusedError
        ``import_empty`` where the file holds nothing that the mapping is for,
        ``import_name_twice``, ``import_changed`` where the file changed while it was read, and
        what `_refused` gives.
    """
    with naming(path):
        sha256 = sha256_of(path)
        origin = Origin(
            system=mapping.system,
            file=path.name,
            sha256=sha256,
            mapping=mapping.titled,
            mapping_sha256=mapping.origin.sha256,
            imported_at=imported_at,
        )
        try:
            reading = _read(path, mapping, origin)
        except (Unfit, Faulty) as error:
            raise _refused(error) from error
        if sha256_of(path) != sha256:
            raise RefusedError("import_changed")
        if not reading.records:
            raise RefusedError("import_empty", mapping=mapping.name)
        return reading


def _read(path: Path, mapping: Mapping, origin: Origin) -> Reading:
    match mapping.form:
        case Form.TABLE:
            return _table(path, mapping, origin)
        case Form.JSON:
            return _tree(path, mapping, origin)
        case Form.OUTLINES:
            return _features(path, mapping, origin)


def _table(path: Path, mapping: Mapping, origin: Origin) -> Reading:
    (rule,) = mapping.record.values()
    table = read_table(
        path,
        subject=_SUBJECT,
        known=frozenset(_plain(rule.names())),
        unwanted=mapping.unwanted,
    )
    taker = Taker(
        mapping=mapping,
        origin=origin,
        most_exact=EXACT_IN_TABLES,
        calendar=Calendar(rules=mapping.dates, is_1904=table.is_1904),
        mixed=mixed_columns(table),
    )
    passed_over = Counter[str]()
    records = rows_of(table, mapping, passed_over)
    return _taken(records, taker, passed_over=passed_over, dropped=table.dropped)


def _tree(path: Path, mapping: Mapping, origin: Origin) -> Reading:
    tree = read_tree(path, subject=_SUBJECT, unwanted=mapping.unwanted)
    calendar = Calendar(rules=mapping.dates)
    taker = Taker(mapping=mapping, origin=origin, most_exact=EXACT_IN_JSON, calendar=calendar)
    passed_over = Counter[str]()
    records = branches_of(tree, mapping, passed_over)
    return _taken(records, taker, passed_over=passed_over, dropped=tree.dropped)


def _features(path: Path, mapping: Mapping, origin: Origin) -> Reading:
    written = read_features(path)
    calendar = Calendar(rules=mapping.dates)
    taker = Taker(mapping=mapping, origin=origin, most_exact=EXACT_IN_JSON, calendar=calendar)
    passed_over, dropped = Counter[str](), Counter[str]()
    permits: list[PermitImport] = []
    problems: list[Problem] = []
    records = 0
    for record, feature in features_of(written, mapping, passed_over, dropped):
        records += 1
        permit = taker.taken(record.rule, record.look, record.where)
        if isinstance(permit, PermitImport):
            permits.append(with_outline(permit, written, feature, taker, record.where))
        else:
            problems += permit
    return Reading(
        origin=origin,
        permits=tuple(permits),
        records=records,
        refused=records - len(permits),
        problems=tuple(problems),
        dropped=dict(dropped),
        **_named(passed_over, mapping),
    )


def _taken(
    records: Iterator[Record | RefusedError],
    taker: Taker,
    *,
    passed_over: Counter[str],
    dropped: Counts[str, int],
) -> Reading:
    rules = list(taker.mapping.record.values())
    permits: list[list[PermitImport]] = [[] for _ in rules]
    problems: list[Problem] = []
    count = 0
    for record in records:
        count += 1
        if isinstance(record, RefusedError):
            problems.append(refusal(record))
            continue
        permit = taker.taken(record.rule, record.look, record.where)
        if isinstance(permit, PermitImport):
            permits[rules.index(record.rule)].append(permit)
        else:
            problems += permit
    return Reading(
        origin=taker.origin,
        permits=tuple(
            one
            for rule, found in zip(rules, permits, strict=True)
            for one in grouped(found, rule.group_by)
        ),
        records=count,
        refused=count - sum(map(len, permits)),
        problems=tuple(problems),
        dropped=dict(dropped),
        **_named(passed_over, taker.mapping),
    )


def _named(counts: Counter[str], mapping: Mapping) -> _Left:
    """The names met most often; a hostile file has any number of them."""
    told = dict(counts.most_common(_MOST_NAMES))
    rest = counts.total() - sum(told.values())
    asked = [name for one in mapping.record.values() for name in one.names()]
    return {
        "passed_over": {**told, "…": rest} if rest else told,
        "likely": likely(told, asked),
    }


def _plain(names: Iterable[str]) -> Iterator[str]:
    return (plain_name(name) for name in names)


def _refused(error: Unfit | Faulty) -> RefusedError:
    """Refuse a whole file."""
    if isinstance(error, Faulty):
        code = "import_crs_unknown" if error.fault is Fault.CRS_UNKNOWN else "import_unreadable"
        return RefusedError(code, where=error.where)
    reasons = {
        Reason.ARCHIVE_EXPANDS: "import_unsafe",
        Reason.ARCHIVE_UNSAFE: "import_unsafe",
        Reason.ARCHIVE_ENCRYPTED: "import_encrypted",
        Reason.DATABASE_UNSAFE: "import_unsafe",
        Reason.DOCTYPE: "import_unsafe",
        Reason.FORM_DIFFERS: "import_form_differs",
        Reason.FORM_UNKNOWN: "import_form_unknown",
        Reason.ROW_UNREADABLE: "import_row_unreadable",
        Reason.SEVERAL_LAYERS: "import_several_layers",
        Reason.TOO_LARGE: "import_too_large",
    }
    return RefusedError(
        reasons.get(error.reason, "import_unreadable"), where=error.where, **error.facts
    )
