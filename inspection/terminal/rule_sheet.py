"""A profile as a person reads it and as a program does: every number, and what it rests on."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table
from rich.text import Text

from inspection.language import Json, Language
from inspection.profiles.certainty import Certainty, behind, leaves
from inspection.profiles.profile import Profile
from inspection.wording.catalogue import Wording

NOT_SAID = {"origin", "parents", "certainty", "left_out", "translations"}
"""What a profile knows of its files, and tells in other words here."""


def as_heading(profile: Profile, language: Language) -> dict[str, Any]:
    """Give what a profile says of itself, as one object for machines."""
    return {
        "name": profile.name,
        "title": profile.said(profile.title, language),
        "version": profile.version,
        "authority": profile.said(profile.authority, language),
        "source": profile.said(profile.source, language),
        "sha256": profile.origin.sha256,
        "extends": [{"name": one.name, "sha256": one.sha256} for one in profile.parents],
    }


def as_sheet(profile: Profile, language: Language) -> dict[str, Any]:
    """Give a profile as one object: its numbers merged, each with what stands behind it."""
    return {
        **as_heading(profile, language),
        "numbers": [
            {
                "name": name,
                "value": value,
                "sure": entry.sure if entry else None,
                "source": profile.said(entry.source, language) if entry else None,
            }
            for name, value, entry in _numbers(profile)
        ],
        "accuracy": [
            {**rule, "source": profile.said(rule["source"], language)}
            for rule in _plain(profile)["accuracy"]["rule"]
        ],
        "left_out": [
            {"name": one.name, "source": profile.said(one.source, language)}
            for one in profile.left_out
        ],
    }


def print_list(profiles: Sequence[Profile], console: Console, words: Wording) -> None:
    """Print a line for each profile."""
    table = _table(words, "name", "version", "title", "authority")
    for one in profiles:
        title, authority = (one.said(said, words.language) for said in (one.title, one.authority))
        table.add_row(*map(Text, (one.name, one.version, title, authority)))
    console.print(table)


def print_sheet(profile: Profile, console: Console, words: Wording) -> None:
    """Print every number of a profile with what stands behind it."""
    for line in (profile.title, profile.authority, profile.source):
        if line:
            console.print(Text(profile.said(line, words.language)))
    said = words.say("profile.versioned", name=profile.name, version=profile.version)
    console.print(Text(said))
    for parent in profile.parents:
        console.print(Text(words.say("profile.extends", name=parent.name)))
    table = _table(words, "number", "value", "sure", "source")
    for name, value, entry in _numbers(profile):
        sure = words.say(f"report.sure.{entry.sure}") if entry else words.say("profile.not_said")
        source = profile.said(entry.source, words.language) if entry else ""
        table.add_row(Text(name), Text(_shown(value)), Text(sure), Text(source))
    for rule in profile.accuracy.rule:
        least = () if rule.least_check_points is None else (f"n ≥ {rule.least_check_points}",)
        limits = (f"1:{one.scale} {one.name}: {one.limit_m:g} m" for one in rule.limits)
        table.add_row(
            Text(f"{rule.name} ({rule.year})"),
            Text("\n".join((rule.measure.upper(), *least, *limits))),
            Text(words.say(f"report.sure.{rule.sure}")),
            Text(profile.said(rule.source, words.language)),
        )
    console.print(table)
    for left in profile.left_out:
        source = profile.said(left.source, words.language)
        said = words.say("profile.left_out", name=left.name, source=source)
        console.print(Text(said))


def _numbers(profile: Profile) -> Iterator[tuple[str, Json, Certainty | None]]:
    """Every value that decides, by its dotted name, with what stands behind it."""
    plain = _plain(profile)
    for name in leaves(plain):
        value: Any = plain
        for part in name.split("."):
            value = value[part]
        yield name, value, behind(name, profile.certainty)


def _plain(profile: Profile) -> dict[str, Any]:
    plain: dict[str, Any] = TypeAdapter(Profile).dump_python(
        profile, mode="json", exclude=NOT_SAID, exclude_none=True
    )
    return plain


def _shown(value: Json) -> str:
    return ", ".join(map(_shown, value)) if isinstance(value, list) else str(value)


def _table(words: Wording, *columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(words.say(f"profile.{column}"), overflow="fold")
    return table
