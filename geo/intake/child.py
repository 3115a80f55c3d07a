"""The child: gives up its rights, then does one job on one untrusted image."""

import contextlib
import json
import os
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

from geo.errors import GeoError, UnfinishedError
from geo.intake.bounds import live_within

type Say = Callable[[dict[str, Any]], None]


def main() -> None:
    """Answer the one request that stands on the standard input."""
    say = _private_output()
    request = json.loads(sys.stdin.readline())
    allowance = request["allowance"]
    live_within(
        memory_bytes=allowance["memory_bytes"],
        seconds=int(allowance["seconds"]) + 1,
        file_bytes=allowance["file_bytes"],
    )
    try:
        say({"result": _done(request, lambda share: say({"progress": round(share, 4)}))})
    except MemoryError:
        os.abort()  # the parent knows this death; there may be no memory left for words
    except GeoError as error:
        kind = "unfinished" if isinstance(error, UnfinishedError) else "refused"
        say({kind: error.code, "where": error.where, "facts": error.facts})


def _done(request: dict[str, Any], advance: Callable[[float], None]) -> dict[str, Any]:
    # Imported under the limits, and before the last rights go.
    import rasterio  # noqa: PLC0415

    from geo.intake import heights, landlock, normalising, probing  # noqa: PLC0415

    packages = Path(rasterio.__file__).parents[1]
    landlock.confine(
        readable=[
            Path("source.tif").resolve(),
            Path(sysconfig.get_path("stdlib")),
            packages / "rasterio",
            packages / "numpy",
        ],
        writable=[Path.cwd()],
    )
    advance(0.0)  # from here on, what goes wrong is the image's fault
    if request["job"] == "probe":
        return probing.description(Path("source.tif"))
    if request["job"] == "heights":
        return heights.heights_file(Path("source.tif"), Path("working.tif"))
    return normalising.working_file(
        Path("source.tif"),
        Path("working.tif"),
        window=request["window"],
        is_sparse=request["is_sparse"],
        advance=advance,
    )


def _private_output() -> Say:
    """Keep the standard output for answers; whatever a library prints goes with the complaints."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(message: dict[str, Any]) -> None:
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    return say


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main()
