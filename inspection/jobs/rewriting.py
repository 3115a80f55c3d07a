"""The steps by which a report is written again with its decision; each may be cut off anywhere."""

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from geo.errors import GeoError, RefusedError, about
from inspection.delivery.attaching import attach
from inspection.errors import Interrupted
from inspection.jobs.counted import note_counted
from inspection.jobs.ending import WHOLE, Ending, ending_of
from inspection.jobs.keeping import DOCUMENT, file_report, read_document, reports_before
from inspection.jobs.running import Watched, run_child
from inspection.jobs.workshop import Workshop, to_oneself
from inspection.language import Json
from inspection.records.audit import Deed, record
from inspection.records.tables.inspections import Decision, InspectionState
from inspection.records.tables.offices import Office, Role
from inspection.records.tables.permits import Permit
from inspection.records.tables.reports import Reissue, ReissueState, Report

CHILD: Final = (sys.executable, "-m", "inspection.jobs.reissue_child")


@dataclass(kw_only=True)
class Rewriting:
    """Reports that are written again, in the workshop where inspections are made."""

    workshop: Workshop
    child: Sequence[str] = CHILD

    def write(self, office: str, job: str, attempt: int) -> dict[str, Any]:
        """Write the report and put its files into the object store."""
        room = self._room(job)
        with to_oneself(room):
            try:
                ending = self._write(UUID(office), UUID(job), room, attempt)
            except GeoError as error:
                ending = ending_of(error)
        self.workshop.tell("reissue.ended")
        return ending.as_json()

    def keep(self, office: str, job: str, files: Mapping[str, str]) -> dict[str, Any]:
        """Put the report on the record, behind those there are; a second time changes nothing."""
        try:
            with self.workshop.records.writing(UUID(office)) as session:
                # First of all, as attaching by hand does: neither then waits for the other.
                session.get_one(Office, UUID(office), with_for_update={"key_share": True})
                row = session.get_one(Reissue, UUID(job), with_for_update=True)
                self.workshop.require_presence(session)
                if row.state is ReissueState.RUNNING:
                    # One report of a permit at a time: each states those before it.
                    session.get_one(Permit, row.permit_id, with_for_update=True)
                    decision = session.get_one(Decision, row.decision_id)
                    report = Report(
                        permit_id=row.permit_id,
                        inspection_id=row.inspection_id,
                        issued_by=decision.decided_by,
                        decision_id=decision.id,
                    )
                    document = read_document(self.workshop.objects, files[DOCUMENT])
                    file_report(session, report, document, files)
                    row.state = ReissueState.DONE
                    note_counted(session, self.workshop.objects, row)
                    deed = Deed(
                        action="report.reissued",
                        subject_kind="report",
                        subject_id=str(report.id),
                        facts={
                            "inspection": str(row.inspection_id),
                            "decision": str(decision.id),
                            "sha256": report.sha256,
                            "sequence": report.sequence,
                        },
                    )
                    record(session, deed, actor=None)
                    if row.is_to_attach:
                        # Whoever decided asked for it, and was allowed to.
                        role = str(Role.REVIEWER)
                        attach(session, report, by=decision.decided_by, role=role)
                self.workshop.tell("reissue.keeping")
        except RefusedError as error:
            ending = ending_of(error)
            if error.code == "report_out_of_turn":
                # Another took its place in line meanwhile: written anew, it states the next one.
                ending = replace(ending, state=InspectionState.FAILED, again=True)
            return ending.as_json()
        self.workshop.tell("reissue.kept")
        return Ending(state=ReissueState.DONE).as_json()

    def close(self, office: str, job: str, _state: str, problem: dict[str, Any] | None) -> str:
        """Write on the record why there is no report, where there is none."""
        with self.workshop.records.writing(UUID(office)) as session:
            row = session.get_one(Reissue, UUID(job), with_for_update=True)
            self.workshop.require_presence(session)
            if row.state is ReissueState.RUNNING:
                give_up(session, row, problem)
            ended = row.state
        self.workshop.tell("reissue.closed")
        return str(ended)

    def tidy(self, job: str) -> None:
        """Remove the job's room."""
        if self._room(job).exists():
            shutil.rmtree(self._room(job))
        self.workshop.tell("reissue.tidied")

    def _room(self, job: str) -> Path:
        return self.workshop.folder / f"reissue-{job}"

    def _write(self, office: UUID, job: UUID, room: Path, attempt: int) -> Ending:
        shop, result = self.workshop, room / f"result-{attempt}"
        with shop.records.reading(office) as session:
            row = session.get_one(Reissue, job)
            if row.state is not ReissueState.RUNNING:
                return Ending(state=row.state)
            files = {
                name: str(sha256)
                for name, sha256 in session.get_one(Report, row.report_id).files.items()
            }
            past = reports_before(session, shop.objects, row.permit_id)
        # A worker that died after the child was done left the result here, whole.
        if not result.exists():
            earlier = room / "earlier"
            self._bring(files, earlier)
            asked = {"review": row.review, "past": [asdict(one) for one in past]}
            (room / "job.json").write_text(json.dumps(asked))
            failed = run_child(
                [room / "job.json", earlier, result],
                log=room / "log",
                wanted=self._wanted,
                limits=shop.limits,
                command=self.child,
            )
            if failed is not None:
                return failed
        shop.tell("reissue.made")
        return Ending(state=WHOLE, files=shop.store(result, files))

    def _bring(self, files: Mapping[str, str], folder: Path) -> None:
        """Bring every file of the earlier report here, checked against its hash."""
        for name, sha256 in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)  # a result that was cut off may share it
            with about(name), path.open("wb") as copy:
                copy.writelines(self.workshop.objects.stream(sha256))

    def _wanted(self, _seen: Watched) -> bool:
        self.workshop.tell("reissue.running")
        if self.workshop.stopping.is_set():
            raise Interrupted
        return True


def give_up(session: Session, row: Reissue, problem: dict[str, Json] | None) -> None:
    """Write on the record that a report could not be written, and why."""
    row.state, row.problem = ReissueState.FAILED, problem
    deed = Deed(
        action="report.failed",
        subject_kind="inspection",
        subject_id=str(row.inspection_id),
        facts={
            "decision": str(row.decision_id),
            **({"code": str(problem["code"])} if problem else {}),
        },
    )
    record(session, deed, actor=None, chain=row.office_id)
