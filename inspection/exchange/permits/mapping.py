"""A mapping: what another system calls the things that we know, as a dated file of data."""

import hashlib
import json
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from annotated_types import MinLen
from pydantic import ConfigDict, TypeAdapter, ValidationError, model_validator

from geo.errors import RefusedError, about
from geo.vector.label import plain_name
from inspection.exchange.permits.rules import DateRules, RecordRule
from inspection.model import Source
from inspection.profiles.certainty import Table
from inspection.profiles.problem import NOT_IN_FILE, problem_of, require_known
from inspection.profiles.reading import lineage, profile_names, under
from inspection.profiles.values import STRICT, Day, Name

COME_ALONG = files("inspection.exchange.permits").joinpath("mappings")
"""Where the mappings lie that come with the product."""


class Form(StrEnum):
    """Forms of files that a mapping can be for."""

    JSON = "json"
    TABLE = "table"
    OUTLINES = "outlines"


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """How the files of one system are read."""

    name: Name
    title: str = ""
    version: Day
    system: Name
    source: str
    """What the names of its fields were taken from."""

    form: Form
    personal: tuple[Name, ...] = ()
    """Names whose contents are left out before anything is read, and only counted."""

    empty: tuple[str, ...] = ("",)
    """Texts that stand for nothing."""

    decimal: Literal[".", ","] | None = None
    """The sign that parts decimals in text; without it an undecided number is refused."""

    region: tuple[float, float, float, float] | None = None
    """West, south, east, north: where places are expected, which decides nothing."""

    dates: DateRules = field(default_factory=DateRules)
    record: Annotated[dict[str, RecordRule], MinLen(1)]
    origin: Source = field(metadata=NOT_IN_FILE)

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    @model_validator(mode="after")
    def _keeps_its_word(self) -> Self:
        """Nothing that is personal may be asked for; rows and features are of one kind."""
        if self.form is not Form.JSON and len(self.record) > 1:
            raise ValueError(f"one record, not {', '.join(sorted(self.record))}")
        asked = {
            plain_name(name.split(".")[-1]) for one in self.record.values() for name in one.names()
        }
        if both := sorted(asked & self.unwanted):
            raise ValueError(f"not in personal: {both[0]}")
        return self

    @property
    def unwanted(self) -> frozenset[str]:
        """Plain names of what is personal."""
        return frozenset(map(plain_name, self.personal))

    @property
    def titled(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}"


def read_mapping(name_or_file: str) -> Mapping:
    """
    Read a mapping by the name of one that comes with the product, or from a file.

    Raises
    ------
    RefusedError
        ``mapping_unknown``, ``mapping_unreadable``, ``mapping_extends_itself``, and with the
        place ``mapping_value``, ``mapping_value_missing``, ``mapping_value_unknown``.
    """
    path = Path(name_or_file)
    with about(path.name):
        try:
            return _read(name_or_file)
        except RefusedError as error:
            raise _of_mapping(error) from error


def mapping_from(content: bytes, *, name: str) -> Mapping:
    """
    Read a mapping from what somebody sends; it may extend one that comes with the product.

    Raises
    ------
    RefusedError
        As `read_mapping`; ``mapping_name_differs`` where it calls itself otherwise.
    """
    with about(f"{name}.toml"):
        try:
            return _sent(content, name)
        except RefusedError as error:
            raise _of_mapping(error) from error


def _sent(content: bytes, name: str) -> Mapping:
    try:
        table = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise RefusedError("profile_unreadable") from error
    if table.setdefault("name", name) != name:
        raise RefusedError("mapping_name_differs", where="name", expected=name)
    digest = hashlib.sha256(content).hexdigest()
    origin = Source(role="profile", name=f"{name}.toml", sha256=digest, size=len(content))
    parent = table.get("extends")
    if parent is None:
        return _whole([(table, origin)])
    # By name alone: a path would let whoever sends it read files of this machine.
    known = mapping_names()
    if parent not in known:
        raise RefusedError("profile_unknown", where="extends", known=", ".join(known))
    return _whole([(table, origin), *lineage(parent, home=COME_ALONG)])


def mapping_names() -> tuple[str, ...]:
    """Names of the mappings that come with the product."""
    return profile_names(COME_ALONG)


def _read(name_or_file: str) -> Mapping:
    return _whole(lineage(name_or_file, home=COME_ALONG))


def _whole(parts: Sequence[tuple[Table, Source]]) -> Mapping:
    table: dict[str, Any] = {}
    origins: list[Source] = []
    for said, origin in parts:
        table = under(table, said)
        origins.append(origin)
    table.pop("extends", None)
    require_known(table, Mapping)
    # As JSON and strict: a list may become a tuple, but no text becomes a number.
    whole = json.dumps({**table, "origin": asdict(origins[0])}, default=str)
    try:
        return TypeAdapter(Mapping).validate_json(whole, strict=True)
    except ValidationError as error:
        raise problem_of(error) from error


def _of_mapping(error: RefusedError) -> RefusedError:
    """Say of a mapping what was found by the reader of profiles, whose form it has."""
    codes = {
        "profile_unknown": "mapping_unknown",
        "profile_unreadable": "mapping_unreadable",
        "profile_extends_itself": "mapping_extends_itself",
        "profile_value": "mapping_value",
        "profile_value_missing": "mapping_value_missing",
        "profile_value_unknown": "mapping_value_unknown",
    }
    if error.code not in codes:
        return error
    return RefusedError(codes[error.code], where=error.where, **error.facts)
