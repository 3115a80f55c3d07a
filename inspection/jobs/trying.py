"""The steps that inspect by other rules what is published; nothing of it leaves but its answers."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from geo.errors import GeoError
from inspection.jobs.asked import Asked
from inspection.jobs.ending import WHOLE, Ending, ending_of
from inspection.jobs.keeping import DOCUMENT, read_document
from inspection.jobs.running import run_child
from inspection.jobs.tried_rules import FILE
from inspection.jobs.workshop import Workshop, to_oneself
from inspection.language import Json
from inspection.records.tables.trials import Trial, TrialItem, TrialState

LOOK_EVERY_S: Final = 2.0
_ANSWER: Final = ("verdict", "value", "uncertainty", "limit")
_OF_LOOKS: Final = "printing"
"""What says how reports are set, and nothing of what they find."""


@dataclass(kw_only=True)
class Trying:
    """Results that are tried, in the workshop where inspections are made; each in a room apart."""

    workshop: Workshop

    def attempt(self, office: str, job: str, attempt: int) -> dict[str, Any]:
        """Inspect by the rules to try, and note the answers; the result itself stays here."""
        room = self._room(job)
        with to_oneself(room):
            try:
                ending = self._attempt(UUID(office), UUID(job), room, attempt)
            except GeoError as error:
                ending = ending_of(error)
        self.workshop.tell("trial.ended")
        return ending.as_json()

    def keep(self, office: str, job: str, _files: Mapping[str, str]) -> dict[str, Any]:
        """Say that its answers are known; a second time changes nothing."""
        state = self._end(UUID(office), UUID(job), TrialState.DONE)
        self.workshop.tell("trial.kept")
        return Ending(state=state).as_json()

    def close(self, office: str, job: str, _state: str, problem: dict[str, Any] | None) -> str:
        """Say why it has no answers, where it has none."""
        return str(self._end(UUID(office), UUID(job), TrialState.FAILED, problem))

    def tidy(self, job: str) -> None:
        """Remove the room, and with it all that the inspection wrote."""
        if self._room(job).exists():
            shutil.rmtree(self._room(job))
        self.workshop.tell("trial.tidied")

    def _room(self, job: str) -> Path:
        return self.workshop.folder / f"trial-{job}"

    def _end(
        self, office: UUID, job: UUID, state: TrialState, problem: dict[str, Json] | None = None
    ) -> TrialState:
        with self.workshop.records.writing(office) as session:
            row = session.get_one(TrialItem, job, with_for_update=True)
            if row.state is TrialState.RUNNING:
                row.state, row.problem = state, problem
            return row.state

    def _attempt(self, office: UUID, job: UUID, room: Path, attempt: int) -> Ending:
        shop, result = self.workshop, room / f"result-{attempt}"
        with shop.records.reading(office) as session:
            row = session.get_one(TrialItem, job)
            if row.state is not TrialState.RUNNING:
                return Ending(state=row.state)
            asked = Asked.model_validate(row.request)
            rules = session.get_one(Trial, row.trial_id).rules
            before = in_short(read_document(shop.objects, row.document_sha256))
        # A worker that died after the child was done left the result here, whole.
        if not result.exists():
            inputs = room / "inputs"
            shop.bring(asked, inputs)
            # Of reports before it there are none: it will not stand among them.
            given = {"asked": asked.model_dump(mode="json"), "past": []}
            if rules is not None:
                (room / FILE).write_text(rules, encoding="utf-8")
                given["rules"] = FILE
            (room / "job.json").write_text(json.dumps(given))
            failed = run_child(
                [room / "job.json", inputs, result],
                log=room / "log",
                wanted=shop.watching(
                    "trial.running", LOOK_EVERY_S, lambda _: self._is_running(office, job)
                ),
                limits=shop.limits,
                command=shop.child,
            )
            if failed is not None:
                return failed
        after = in_short(json.loads((result / DOCUMENT).read_bytes()))
        with shop.records.writing(office) as session:
            row = session.get_one(TrialItem, job, with_for_update=True)
            row.before, row.after = before, after
            row.changes = sum(one.is_other for one in changes_between(before, after))
        return Ending(state=WHOLE, files={})

    def _is_running(self, office: UUID, job: UUID) -> bool:
        with self.workshop.records.reading(office) as session:
            return session.get_one(TrialItem, job).state is TrialState.RUNNING


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One answer under both rules."""

    question: str
    before: str | None
    after: str | None
    value_before: float | None
    value_after: float | None

    @property
    def is_other(self) -> bool:
        """Whether the answer itself would be another, and not only its figure."""
        return self.before != self.after


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Answered]:
    """Every answer under both rules, of documents in short."""
    return [
        Answered(
            question=question,
            before=was["verdict"],
            after=will["verdict"],
            value_before=was["value"],
            value_after=will["value"],
        )
        for question, was in before["answers"].items()
        for will in [after["answers"][question]]
    ]


def in_short(document: Mapping[str, Any]) -> dict[str, Any]:
    """What is compared of a result: answers, hectares, how much was found, and what made it."""
    software = {key: one for key, one in document["software"].items() if key != _OF_LOOKS}
    return {
        "answers": {
            question: {name: answer[name] for name in _ANSWER}
            for question, answer in document["answers"].items()
        },
        "ledger_ha": document["ledger_ha"],
        "findings": len(document["findings"]),
        "profile": document["profile"]["name"],
        "software": software,
    }
