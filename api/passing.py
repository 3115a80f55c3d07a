"""A body that is a file: it passes through a folder of its own, and is gone when the call ends."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from fastapi import Request
from starlette.concurrency import run_in_threadpool

LONGEST_ENDING: Final = len(".geojson") + 1


@asynccontextmanager
async def passing_file(request: Request, passing: Path, name: str) -> AsyncIterator[Path]:
    """Write the body of a request to a file that has the ending of this name."""
    await run_in_threadpool(passing.mkdir, parents=True, exist_ok=True)
    # It holds what will not be kept: it goes when this ends, however it ends.
    with tempfile.TemporaryDirectory(dir=passing) as folder:
        path = Path(folder) / f"brought{_ending(name)}"
        with path.open("wb") as file:
            async for part in request.stream():
                file.write(part)
        yield path


def _ending(name: str) -> str:
    # By it a file says of what form it claims to be; nothing else of the name reaches the disk.
    ending = Path(name).suffix
    is_plain = ending[1:].isascii() and ending[1:].isalnum() and len(ending) <= LONGEST_ENDING
    return ending if is_plain else ""
