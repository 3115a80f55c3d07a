"""The judge of printed pages: a child process that sets a report anew, which nobody has proven."""

import base64
import logging
import sys
import tempfile
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from geo.intake import landlock
from geo.intake.digest import sha256_of
from inspection.evidence.canonical import from_canonical
from inspection.evidence.child import answer_of
from inspection.evidence.examiner import serve
from inspection.evidence.proof import Pages
from inspection.evidence.verify import Flaw
from inspection.report.reprint import Reprint, reprint
from inspection.schema import from_json

_ALLOWANCE: Final = {"memory_bytes": 8 * 2**30, "seconds": 300, "answer_bytes": 2**30}
_WALL_SECONDS: Final = 600

PAPERS, PAGE = ("report.pdf", "report-light.pdf"), "report.html"


def judged(pdf: bytes, document: bytes) -> Reprint:
    """Say whether the pages of a report are what an inspection.json prints."""
    with tempfile.TemporaryDirectory() as room:
        answer = answer_of(
            "inspection.report.judge",
            {"document": base64.b64encode(document).decode(), "room": room},
            pdf,
            allowance=_ALLOWANCE,
            wall_seconds=_WALL_SECONDS,
        )
    return Reprint(pages=Pages(answer["pages"]), web_sha256=answer["web_sha256"])


def folder_flaws(folder: Path) -> list[Flaw]:
    """Name the reports of a result folder that say something else than its inspection.json."""
    document = (folder / "inspection.json").read_bytes()
    flaws = []
    for name in PAPERS:
        if not (folder / name).exists():
            continue  # made before there were reports: what is there is in the manifest
        found = judged((folder / name).read_bytes(), document)
        if found.pages is Pages.CHANGED:
            flaws.append(Flaw(code="evidence_disagrees", file=name))
        page = folder / PAGE
        whole = name == PAPERS[0] and found.web_sha256 is not None
        if whole and page.exists() and sha256_of(page) != found.web_sha256:
            flaws.append(Flaw(code="evidence_disagrees", file=PAGE))
    return flaws


def main() -> None:
    """Compare the report on the standard input with the document in the request."""
    serve(_answer)


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    logging.disable(logging.CRITICAL)
    room = Path(request["room"])
    import_module("inspection.wording.printing")  # what it loads asks for the zone of this machine
    landlock.confine(readable=[Path(place) for place in sys.path if place], writable=[room])
    try:
        inspection = from_json(from_canonical(base64.b64decode(request["document"])))
        return asdict(reprint(sys.stdin.buffer.read(), inspection, room=room))
    except (MemoryError, OSError):
        raise  # the machine's limits say nothing of the pages
    except Exception:  # noqa: BLE001 - data that cannot be printed did not print these pages
        return asdict(Reprint(pages=Pages.CHANGED))
