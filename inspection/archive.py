"""Permit records as folders: each report filed once, none overwritten, the last one in force."""

import errno
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from geo.errors import RefusedError
from inspection.errors import DisprovedError
from inspection.evidence.canonical import canonical_bytes
from inspection.evidence.verify import verify
from inspection.ports import Filed
from inspection.standing import PastReport

RECORD = "filed.json"
PLAIN_NAME = re.compile(r"[^A-Za-z0-9._-]+")


class FolderArchive:
    """
    An `Archive` in a folder.

    Every permit has a folder; in it every report has one, named by its number in the sequence,
    with the record of its filing beside the report's own files. A report appears under its
    name whole or not at all.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def file(self, permit_id: str, report: Path) -> Filed:
        """Attach a verified report folder to the permit's record."""
        proof = verify(report)
        if proof.flaws or proof.report_sha256 is None or proof.inspection is None:
            flaw = proof.flaws[0] if proof.flaws else None
            raise DisprovedError("report_not_intact", where=flaw.file if flaw else None)
        document = json.loads((report / "inspection.json").read_bytes())
        # A report printed before the record began, or away from it, states no number.
        stated = (document.get("record") or {}).get("version")
        while True:
            before = self.filed(permit_id)
            for one in before:
                if one.report_sha256 == proof.report_sha256:
                    return one
            filed = Filed(
                permit_id=permit_id,
                report_sha256=proof.report_sha256,
                inspection_id=proof.inspection,
                created_at=document["created_at"],
                sequence=len(before) + 1,
                supersedes=before[-1].report_sha256 if before else None,
            )
            if stated not in (None, filed.sequence):
                raise RefusedError("report_out_of_turn", stated=stated, sequence=filed.sequence)
            if self._put(filed, report):
                return filed

    def filed(self, permit_id: str) -> tuple[Filed, ...]:
        """All reports on the record, in the order they were filed."""
        folder = self._folder(permit_id)
        with _readable():
            records = sorted(folder.glob(f"[0-9]*/{RECORD}"))
            return tuple(_record(json.loads(path.read_bytes())) for path in records)

    def past(self, permit_id: str) -> tuple[PastReport, ...]:
        """What the reports on the record said, in the order they were filed."""
        with _readable():
            return tuple(_past(one, self.report(one)) for one in self.filed(permit_id))

    def report(self, filed: Filed) -> Path:
        """Folder of a filed report."""
        return self._folder(filed.permit_id) / _name(filed) / "report"

    def _folder(self, permit_id: str) -> Path:
        # The id comes from outside: its readable part is for people, its hash keeps it unique.
        plain = PLAIN_NAME.sub("-", permit_id).strip(".-")[:60]
        return self._root / f"{plain}-{sha256(permit_id.encode()).hexdigest()[:12]}"

    def _put(self, filed: Filed, report: Path) -> bool:
        """Put a report under its number; False if somebody else's took the number meanwhile."""
        folder = self._folder(filed.permit_id)
        folder.mkdir(parents=True, exist_ok=True)
        passing = Path(tempfile.mkdtemp(prefix=".filing-", dir=folder))
        try:
            shutil.copytree(report, passing / "report")
            (passing / RECORD).write_bytes(canonical_bytes(asdict(filed)))
            # Renaming onto a folder that is not empty fails: two writers cannot both win.
            passing.rename(folder / _name(filed))
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
                return False
            raise
        finally:
            shutil.rmtree(passing, ignore_errors=True)
        return True


@contextmanager
def _readable() -> Iterator[None]:
    """Let a record that somebody damaged be told as such."""
    try:
        yield
    except (ValueError, KeyError, TypeError) as error:
        raise RefusedError("record_unreadable") from error


def _past(filed: Filed, report: Path) -> PastReport:
    document = json.loads((report / "inspection.json").read_bytes())
    return PastReport(
        version=filed.sequence,
        inspection=filed.inspection_id,
        created_at=filed.created_at,
        captured_at=document["flights"]["current"]["captured_at"],
        sha256=filed.report_sha256,
        ledger_ha=document["ledger_ha"],
    )


def _name(filed: Filed) -> str:
    return f"{filed.sequence:04d}"


def _record(document: Any) -> Filed:  # noqa: ANN401 - whatever JSON holds
    return TypeAdapter(Filed).validate_python(document)
