"""The process in which one report is written again; it may be killed, and dies with its worker."""

import json
import sys
from pathlib import Path

from inspection.jobs.child import PAST, Lines, serve
from inspection.reissue import reissue
from inspection.review_note import REVIEWED


def rewrite(job_file: Path, earlier: Path, out: Path, progress: Lines) -> None:
    """Write a report again."""
    job = json.loads(job_file.read_bytes())
    reissue(
        earlier,
        REVIEWED.validate_python(job["review"]),
        PAST.validate_python(job["past"]),
        out=out,
        progress=progress,
    )


if __name__ == "__main__":
    sys.exit(serve(rewrite))
