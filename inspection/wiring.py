"""What stands behind each port: the one place where parts are chosen."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from inspection.archive import FolderArchive
from inspection.evidence.examination import content_of, examined, known_issuers
from inspection.evidence.proof import Pages, PaperProof
from inspection.evidence.verify import Proof, verify
from inspection.settings import Settings

REPORT_FONT: Final = Path(__file__).parent / "report" / "fonts" / "NotoSans-Regular.ttf"


def archive_at(folder: Path | None, settings: Settings) -> FolderArchive:
    """Archive in the folder asked for, else in the installation's, else in the user's own."""
    return FolderArchive(folder or settings.records or _users_own())


def paper_proof(path: Path, trust: Sequence[Path] | None, settings: Settings) -> PaperProof:
    """Examine a PDF with the issuers named, else with those known to the installation."""
    known = trust or [one for one in [settings.trust] if one is not None]
    return examined(content_of(path), trust=known_issuers(known), look=look_at_pages)


def look_at_pages(pdf: bytes, document: bytes) -> Pages:
    """Compare the pages of a report with what its data print."""
    # Loaded here: a person who asks for help should not wait for the libraries of a report.
    from inspection.report.judge import judged  # noqa: PLC0415

    return judged(pdf, document).pages


def folder_proof(path: Path) -> Proof:
    """Examine the folder of a result, and its reports where nothing else is wrong."""
    proof = verify(path)
    if proof.flaws:
        return proof
    from inspection.report.judge import folder_flaws  # noqa: PLC0415

    return replace(proof, flaws=tuple(folder_flaws(path)))


def _users_own() -> Path:
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "tinjau" / "records"
