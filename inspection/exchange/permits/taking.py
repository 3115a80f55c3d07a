"""One record taken over: each value by its rule, and a problem for each that cannot be."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from geo.errors import RefusedError
from geo.intake.records import Cell
from geo.vector.label import plain_name
from inspection.exchange.permits.days import Calendar, day_of, instant_of
from inspection.exchange.permits.figures import candidates_of, code_of, number_of, text_of
from inspection.exchange.permits.imported import Held, Origin, PermitImport, Step, Value
from inspection.exchange.permits.mapping import Mapping
from inspection.exchange.permits.rules import Kind, RecordRule, Rule, StepRule
from inspection.exchange.permits.vocabulary import Field, Key
from inspection.problem import Problem, refusal, warning

_MOST_WRITTEN: Final = 200
_MOST_MEANT: Final = 20

type Found = tuple[str, Cell]
"""Where something stands, and what stands there."""

type Look = Callable[[str], Sequence[Found]]
"""What stands under a name of the record at hand."""


@dataclass(frozen=True, kw_only=True)
class Taker:
    """Takes records of one file over."""

    mapping: Mapping
    origin: Origin
    most_exact: int
    """Up to which whole numbers keep their digits in files of this form."""

    calendar: Calendar
    mixed: frozenset[str] = field(default_factory=frozenset)
    """Plain names of columns in which dates stand both as text and as dates."""

    def taken(self, rule: RecordRule, look: Look, where: str) -> PermitImport | list[Problem]:
        """
        What a record brings, or all that speaks against it.

        Nothing can be done with a record that does not tell which permit, application, project
        or business it is about.
        """
        problems: list[Problem] = []
        keys: dict[Key, tuple[Value, ...]] = {}
        for key, one in rule.key.items():
            if value := self._value(key, one, look, problems):
                keys[key] = (value,)
        if not keys:
            return [*problems, refusal(RefusedError("import_without_key", where=where))]
        values: dict[Field, tuple[Value, ...]] = {}
        for name, one in rule.value.items():
            if value := self._value(name, one, look, problems):
                values[name] = (value,)
        self._doubt_days(values, problems)
        step = None if rule.step is None else self._step(rule.step, look, problems)
        return PermitImport(
            keys=keys,
            values=values,
            steps=() if step is None else (step,),
            problems=tuple(problems),
        )

    def _value(self, name: str, rule: Rule, look: Look, problems: list[Problem]) -> Value | None:
        where: str | None = None
        try:
            found = self._filled(rule.read, look)
            if not found:
                return None
            where = found[0][0]
            if rule.kind is not Kind.POSITIONS:
                self._require_one(found)
            held = self._held(rule, found, look)
            if held is None:
                return None
            written = " | ".join(text_of(one) for _, one in found)[:_MOST_WRITTEN]
        except RefusedError as error:
            problems.append(_told(error, name, where))
            return None
        self._doubt_length(rule, name, held, where, problems)
        meaning = rule.meanings.get(held) if isinstance(held, str) else None
        return Value(
            value=held,
            written=written,
            where=where,
            origin=self.origin,
            meaning=meaning,
            vocabulary=rule.vocabulary,
        )

    def _filled(self, names: Iterable[str], look: Look) -> list[Found]:
        """All that stands under the names and does not stand for nothing."""
        return [
            (where, cell)
            for name in names
            for where, cell in look(name)
            if not (isinstance(cell, str) and cell.strip() in self.mapping.empty)
            and cell is not None
        ]

    def _require_one(self, found: Sequence[Found]) -> None:
        """Refuse different things under names that mean the same."""
        if len(found) > 1 and len({text_of(cell) for _, cell in found}) > 1:
            where = ", ".join(where for where, _ in found[:3])
            raise RefusedError("import_several_values", where=where, count=len(found))

    def _held(self, rule: Rule, found: Sequence[Found], look: Look) -> Held | None:
        _, cell = found[0]
        match rule.kind:
            case Kind.TEXT:
                return text_of(cell) or None
            case Kind.CODE:
                return code_of(cell, rule.digits, most_exact=self.most_exact) or None
            case Kind.DAY:
                return day_of(cell, self._calendar(rule.read))
            case Kind.POSITIONS:
                joined = "\n".join(text_of(one) for _, one in found)
                return candidates_of(joined, self.mapping.region)
            case Kind.NUMBER:
                return self._number(rule, cell, look)

    def _number(self, rule: Rule, cell: Cell, look: Look) -> float:
        value = number_of(cell, rule.decimal or self.mapping.decimal)
        least, most = rule.least, rule.most
        if (least is not None and value < least) or (most is not None and value > most):
            bounds = (("≥", least), ("≤", most))
            told = (f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)
            raise RefusedError("import_number_beyond", allowed=", ".join(told))
        if rule.unit_in is None:
            return value
        units = self._filled([rule.unit_in], look)
        unit = text_of(units[0][1]) if units else ""
        named = {plain_name(name): size for name, size in rule.units.items()}
        if plain_name(unit) not in named:
            raise RefusedError("import_unit_unknown", units=", ".join(rule.units))
        return value * named[plain_name(unit)]

    def _calendar(self, names: Iterable[str]) -> Calendar:
        is_mixed = any(plain_name(name) in self.mixed for name in names)
        return (
            self.calendar
            if not is_mixed
            else Calendar(rules=self.calendar.rules, is_1904=self.calendar.is_1904, is_mixed=True)
        )

    @staticmethod
    def _doubt_days(values: dict[Field, tuple[Value, ...]], problems: list[Problem]) -> None:
        """Tell a permit that ends before it begins; both days are kept as they are stated."""
        (began,), (ended,) = (
            values.get(name, (None,)) for name in (Field.VALID_FROM, Field.VALID_UNTIL)
        )
        if began and ended and str(ended.value) < str(began.value):
            told = {"began": str(began.value), "ended": str(ended.value)}
            problems.append(warning("import_days_reversed", where=ended.where, **told))

    @staticmethod
    def _doubt_length(
        rule: Rule, name: str, held: Held, where: str, problems: list[Problem]
    ) -> None:
        """Tell a code that has another length than such codes have; it is taken as it is."""
        if rule.kind is Kind.CODE and rule.digits and isinstance(held, str):
            count = len(held)
            if held.isdecimal() and count not in rule.digits:
                told = ", ".join(map(str, rule.digits))
                problems.append(
                    warning("import_code_length", value=count, limit=told, where=where, field=name)
                )

    def _step(self, rule: StepRule, look: Look, problems: list[Problem]) -> Step | None:
        text = {part: self._value(part, one, look, problems) for part, one in rule.texts.items()}
        code, name, status = (text.get(part) for part in ("code", "name", "status"))
        states = rule.plain_states
        said = None if status is None else str(status.value)
        if said is not None and states and plain_name(said) not in states:
            found = said[:_MOST_MEANT]
            problems.append(
                warning("import_state_unknown", value=found, where=status.where if status else None)
            )
        first = code or name or status
        if first is None:
            return None
        number = None if code is None else str(code.value)
        return Step(
            code=number,
            name=None if name is None else str(name.value),
            state=states.get(plain_name(said)) if said is not None else None,
            status=said,
            began=self._moment("began", rule.began, look, problems),
            ended=self._moment("ended", rule.ended, look, problems),
            meaning=rule.means.get(number) if number is not None else None,
            counts=number not in rule.outside_clock,
            where=first.where,
            origin=self.origin,
        )

    def _moment(
        self, name: str, names: tuple[str, ...], look: Look, problems: list[Problem]
    ) -> str | None:
        where: str | None = None
        try:
            found = self._filled(names, look)
            if not found:
                return None
            where, cell = found[0]
            self._require_one(found)
            moment = instant_of(cell, self._calendar(names))
        except RefusedError as error:
            problems.append(_told(error, name, where))
            return None
        return None if moment is None else moment.iso


def _told(error: RefusedError, name: str, where: str | None) -> Problem:
    error.where = error.where or where
    error.facts = {"field": str(name), **error.facts}
    return refusal(error)
