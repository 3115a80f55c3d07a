"""The settings as a person reads them: a file that could be used again, each with its origin."""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from pydantic import SecretStr
from pydantic_settings import EnvSettingsSource

from inspection.settings import PREFIX, Settings, file_source
from inspection.wording.catalogue import Wording


class Shown(NamedTuple):
    """A setting as it may be printed: a secret only says that it is set."""

    name: str
    value: str | None
    origin: str
    """``environment``, ``file`` or ``default``."""


def shown(settings: Settings) -> Iterator[Shown]:
    """Tell every setting and where it comes from."""
    in_environment = EnvSettingsSource(Settings)()
    in_file = file_source(Settings)()
    for name in Settings.model_fields:
        if name in in_environment:
            origin = "environment"
        else:
            origin = "file" if name in in_file else "default"
        yield Shown(name, _printable(getattr(settings, name)), origin)


def setting_lines(settings: Iterable[Shown], words: Wording) -> Iterator[str]:
    """Write a line for each setting; one that is not set is a comment."""
    for one in settings:
        variable = PREFIX + one.name.upper()
        if one.value is None:
            yield f"# {one.name}: {words.say('settings.not_set', variable=variable)}"
            continue
        origin = words.say(f"settings.{one.origin}", variable=variable)
        yield f"{one.name} = {json.dumps(one.value, ensure_ascii=False)}  # {origin}"


def _printable(value: object) -> str | None:
    if isinstance(value, tuple):
        return json.dumps([one.model_dump() for one in value], ensure_ascii=False)
    if not isinstance(value, SecretStr):
        return None if value is None else str(value)
    # Of an address, the part that is no secret helps whoever looks for a mistake.
    address = urlsplit(value.get_secret_value())
    if not address.scheme:
        return "***"
    place = address.netloc.rpartition("@")[2]
    return f"{address.scheme}://{'***@' if '@' in address.netloc else ''}{place}{address.path}"
