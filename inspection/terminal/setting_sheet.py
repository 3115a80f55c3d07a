"""The settings as a person reads them: a file that could be used again, each with its origin."""

import json
from collections.abc import Iterable, Iterator

from inspection.settings import PREFIX, Shown
from inspection.wording.catalogue import Wording


def setting_lines(settings: Iterable[Shown], words: Wording) -> Iterator[str]:
    """Write a line for each setting; one that is not set is a comment."""
    for one in settings:
        variable = PREFIX + one.name.upper()
        if one.value is None:
            yield f"# {one.name}: {words.say('settings.not_set', variable=variable)}"
            continue
        origin = words.say(f"settings.{one.origin}", variable=variable)
        yield f"{one.name} = {json.dumps(one.value, ensure_ascii=False)}  # {origin}"
