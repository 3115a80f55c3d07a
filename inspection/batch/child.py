"""The process of one row: it brings the files, inspects, and may be killed without harm."""

import fcntl
import json
import sys
from pathlib import Path

from inspection.batch.asked import Job, request_of
from inspection.batch.sources import brought
from inspection.detectors.own import own_detector
from inspection.identity import software
from inspection.jobs.child import Lines, code_fingerprint, serve
from inspection.jobs.lasting_desk import LastingDesk
from inspection.pipeline import run_inspection
from inspection.profiles.profile import read_profile
from inspection.settings import Settings, read_settings
from inspection.wiring import archive_at, open_objects


def inspect(job_file: Path, inputs: Path, out: Path, progress: Lines) -> None:
    """Make the inspection of a row, from where it was cut off."""
    with (job_file.parent / "lock").open("w") as lock:
        # Of a batch that was killed, the process of this row may take a moment longer to end.
        fcntl.flock(lock, fcntl.LOCK_EX)
        _inspect(
            Job.model_validate_json(job_file.read_bytes()), job_file.parent, inputs, out, progress
        )


def _inspect(job: Job, room: Path, inputs: Path, out: Path, progress: Lines) -> None:
    settings = read_settings()
    profile, detector = read_profile(job.row.profile), own_detector(settings)
    request = request_of(job, _brought(job, inputs, settings))
    follows_from = [job.model_dump_json(), repr(profile), repr(detector), software()]
    run_inspection(
        request,
        out=out,
        profile=profile,
        own_detector=detector,
        archive=archive_at(Path(job.records), settings) if job.records else None,
        progress=progress,
        workplace=LastingDesk(
            folder=room / "desk",
            key=code_fingerprint(json.dumps(follows_from, sort_keys=True)),
        ),
    )


def _brought(job: Job, inputs: Path, settings: Settings) -> dict[str, Path]:
    given = dict(job.row.files)
    given |= {f"layer-{number}": one.file for number, one in enumerate(job.row.layers)}
    is_kept = any(one.kind == "object" for one in given.values())
    objects = open_objects(None, settings) if is_kept else None
    return {
        name: brought(one, inputs / name, objects=objects, settings=settings)
        for name, one in given.items()
    }


if __name__ == "__main__":
    sys.exit(serve(inspect))
