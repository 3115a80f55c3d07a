"""The process in which one inspection is made: it may be killed, and dies with its worker."""

import hashlib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from pydantic import TypeAdapter

import inspection
from geo.intake.digest import sha256_of
from inspection.detectors.own import own_detector
from inspection.identity import software
from inspection.jobs.asked import Asked, request_of
from inspection.jobs.lasting_desk import LastingDesk
from inspection.lean import live_lean
from inspection.pipeline import run_inspection
from inspection.ports import Advance, Filed
from inspection.profiles.profile import Profile, read_profile
from inspection.settings import read_settings
from inspection.standing import PastReport
from inspection.terminal import failure

PAST = TypeAdapter(tuple[PastReport, ...])
LEAST_ADVANCE = 0.01
"""Share of a step below which nobody is told of an advance."""


class Lines:
    """`inspection.ports.Progress` as one line of JSON each time."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    @contextmanager
    def step(self, name: str) -> Iterator[Advance]:
        """Tell of a step and how far it is."""
        self.say({"step": name, "share": 0.0})
        told = 0.0

        def advance(share: float) -> None:
            nonlocal told
            if share - told >= LEAST_ADVANCE:
                told = share
                self.say({"step": name, "share": share})

        yield advance

    def say(self, line: dict[str, Any]) -> None:
        """Say one line to the worker."""
        self._out.write(json.dumps(line) + "\n")
        self._out.flush()


class GivenRecord:
    """`inspection.ports.Archive` of a permit as the worker read it; the worker itself files."""

    def __init__(self, past: tuple[PastReport, ...]) -> None:
        self._past = past

    def past(self, permit_id: str) -> tuple[PastReport, ...]:  # noqa: ARG002 - of one permit only
        """What the reports on the record said, in the order they were filed."""
        return self._past

    def filed(self, permit_id: str) -> tuple[Filed, ...]:
        """All reports on the record, in the order they were filed."""
        return tuple(
            Filed(
                permit_id=permit_id,
                report_sha256=one.sha256,
                inspection_id=one.inspection,
                created_at=one.created_at,
                sequence=one.version,
                supersedes=before.sha256 if before else None,
            )
            for before, one in zip((None, *self._past), self._past, strict=False)
        )

    def file(self, permit_id: str, report: Path) -> Filed:
        """Say which place the report takes, unless another takes it first."""
        document = json.loads((report / "inspection.json").read_bytes())
        return Filed(
            permit_id=permit_id,
            report_sha256=sha256_of(report / "inspection.json"),
            inspection_id=document["id"],
            created_at=document["created_at"],
            sequence=len(self._past) + 1,
            supersedes=self._past[-1].sha256 if self._past else None,
        )


def serve(work: Callable[[Path, Path, Path, Lines], None]) -> int:
    """Do what a job's file asks for; the last line says how it failed, if so."""
    job_file, inputs, out = (Path(word) for word in sys.argv[1:4])
    threading.Thread(target=_die_with_worker, daemon=True).start()
    _go_first()
    live_lean()
    # What some library prints must not be taken for a line of ours.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as lines:
        os.dup2(2, 1)
        progress = Lines(lines)
        try:
            work(job_file, inputs, out, progress)
        except Exception as error:  # noqa: BLE001 - whatever it was, the worker is told
            told = failure.failure_of(error)
            progress.say({"problem": failure.problem_of(told)})
            return told.exit_code
    return failure.DONE


def inspect(job_file: Path, inputs: Path, out: Path, progress: Lines) -> None:
    """Make an inspection, from where it was cut off."""
    job = json.loads(job_file.read_bytes())
    asked = Asked.model_validate(job["asked"])
    # Rules of somebody's own lie beside the job: they are tried, and nothing of it is published.
    profile = profile_for(asked, job_file.parent / job["rules"] if "rules" in job else None)
    detector = own_detector(read_settings())
    follows_from = [job, repr(profile), repr(detector), software()]
    run_inspection(
        request_of(asked, inputs),
        out=out,
        profile=profile,
        own_detector=detector,
        archive=GivenRecord(PAST.validate_python(job["past"])),
        progress=progress,
        workplace=LastingDesk(
            folder=job_file.parent / "work",
            key=code_fingerprint(json.dumps(follows_from, sort_keys=True)),
        ),
    )


def profile_for(asked: Asked, rules: Path | None = None) -> Profile:
    """The rules asked for; their QR leads to this installation unless they name another place."""
    profile = read_profile(str(rules) if rules else asked.profile)
    if profile.report.verify_at or not asked.verify_at:
        return profile
    return replace(profile, report=replace(profile.report, verify_at=asked.verify_at))


def code_fingerprint(follows_from: str) -> str:
    """Hash of what work follows from and of our code: two builds of a version may differ."""
    digest = hashlib.sha256(follows_from.encode())
    home = Path(inspection.__file__).parent.parent
    for package in ("geo", "inspection"):
        for path in sorted((home / package).rglob("*")):
            if path.suffix in (".py", ".toml"):
                digest.update(path.relative_to(home).as_posix().encode() + b"\0")
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _go_first() -> None:
    """Be the one that the system ends when memory runs out: the worker shall tell of it."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _die_with_worker() -> None:
    """Wait for the end of what the worker holds open as long as it lives; then all goes."""
    while os.read(0, 1):
        pass
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(serve(inspect))
