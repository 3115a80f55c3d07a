"""The manifest: every input and output of an inspection, by hash, beside what made them."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from geo.intake.digest import sha256_of
from inspection.evidence.canonical import canonical_bytes
from inspection.language import Json
from inspection.model import Source

NAME = "manifest.json"
SCHEMA = "tinjau.manifest/1"


def write_manifest(
    folder: Path,
    *,
    inspection_id: str,
    created_at: str,
    inputs: Iterable[Source],
    parameters: Mapping[str, Json],
    software: Mapping[str, str],
) -> Path:
    """Seal a folder: hash all that lies in it and write the manifest beside it, last."""
    outputs = [
        {"path": name, "sha256": sha256_of(folder / name), "size": (folder / name).stat().st_size}
        for name in contents(folder)
    ]
    path = folder / NAME
    path.write_bytes(
        canonical_bytes(
            {
                "schema": SCHEMA,
                "inspection": inspection_id,
                "created_at": created_at,
                "inputs": [asdict(source) for source in inputs],
                "outputs": outputs,
                "parameters": dict(parameters),
                "software": dict(software),
            }
        )
    )
    return path


def contents(folder: Path) -> list[str]:
    """Everything in a folder but the manifest, as sorted relative names; folders go unnamed."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if (path.is_symlink() or not path.is_dir()) and path != folder / NAME
    )
