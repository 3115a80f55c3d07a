"""The examiner: a child process that gives up its rights, then reads one untrusted PDF."""

import base64
import io
import json
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geo.errors import RefusedError
from geo.intake import landlock
from geo.intake.bounds import live_within

_MIB = 2**20


def main() -> None:
    """Examine the PDF on the standard input."""
    serve(_answer)


def serve(respond: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Answer the one request on the standard input, whose first line says what is asked."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    request = json.loads(sys.stdin.buffer.readline())
    allowance = request["allowance"]
    live_within(
        memory_bytes=allowance["memory_bytes"],
        seconds=allowance["seconds"],
        file_bytes=allowance["answer_bytes"],
    )
    try:
        answer = json.dumps(respond(request))
        answers.write(answer)
        answers.close()
    except (MemoryError, OSError):
        os.abort()  # the parent knows this death; there may be no room left for words


def findings(content: bytes, trust: list[bytes]) -> dict[str, Any]:
    """Give what is found in a PDF, or the code of what keeps it from being read, as JSON."""
    from pyhanko.pdf_utils.misc import PdfDecodeLimitError  # noqa: PLC0415

    from inspection.evidence import additions, issuers, paper, signatures  # noqa: PLC0415

    known = issuers.Trust(certificates=trust, now=datetime.now(UTC))
    try:
        held = paper.paper_of(_reader(content))
        # Another reader: pyHanko cannot compare the states of a file whose streams were unpacked.
        signed, flaws = signatures.signatures_of(_reader(content), content, known)
        flaws = [*additions.additions(_reader(content), content), *flaws]
    except RefusedError as error:
        return {"refused": error.code}
    except PdfDecodeLimitError:
        return {"refused": "pdf_takes_too_much"}
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - what no reader foresaw is a PDF that cannot be read
        return {"refused": "pdf_unreadable"}
    return {
        "paper": {
            **asdict(held),
            "content": None if held.content is None else held.content.decode(errors="replace"),
        },
        "signatures": [asdict(one) for one in signed],
        "flaws": [asdict(one) for one in flaws],
    }


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    # Imported under the limits, and before the last rights go.
    from inspection.evidence import additions, paper, signatures  # noqa: F401, PLC0415

    logging.disable(logging.CRITICAL)
    landlock.confine(readable=[Path(place) for place in sys.path if place], writable=[])
    trust = [base64.b64decode(one) for one in request["trust"]]
    return findings(sys.stdin.buffer.read(), trust)


def _reader(content: bytes) -> Any:  # noqa: ANN401 - its type is loaded under the limits too
    from pyhanko.pdf_utils import decode_limits  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    limits = decode_limits.DecodeLimits(
        per_stream=decode_limits.StreamDecodeLimits(max_output_size=64 * _MIB),
        document_budget=decode_limits.DocumentDecodeBudget(
            base_allowance=256 * _MIB, max_ratio=0.0
        ),
    )
    reader = PdfFileReader(io.BytesIO(content), strict=True, decode_limits=limits)
    if reader.encrypted:
        raise RefusedError("pdf_unreadable")
    return reader
