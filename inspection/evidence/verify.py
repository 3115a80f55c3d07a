"""Proving or disproving a report folder, offline, with nothing but the folder."""

import json
import math
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from geo.errors import RefusedError
from geo.intake.digest import sha256_of
from inspection.document import SCHEMA as INSPECTION_SCHEMA
from inspection.evidence.canonical import read_canonical
from inspection.evidence.manifest import NAME, SCHEMA, contents
from inspection.evidence.reviewed import agrees, with_outcomes
from inspection.schema import from_json

LEDGER_PARTS = ("undisturbed", "standing", "new", "recovered", "not_observed")


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """One way in which a folder differs from what was sealed."""

    code: str
    file: str


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What a verification found; no flaws means that the folder is as it was sealed."""

    inspection: str | None
    report_sha256: str | None
    files: int
    flaws: tuple[Flaw, ...]


def verify(folder: Path) -> Proof:
    """
    Compare a folder with its manifest, and its documents with one another.

    Every file is named that was changed, is missing, or was added. The documents are then
    compared by content too, so that a number changed together with its hash still shows
    wherever another file repeats it.
    """
    manifest_path = folder / NAME
    if not manifest_path.is_file():
        return _unproven(Flaw(code="evidence_missing", file=NAME))
    try:
        manifest = read_canonical(manifest_path)
        stated = _stated(manifest)
    except (RefusedError, KeyError, TypeError, AttributeError):
        return _unproven(Flaw(code="evidence_changed", file=NAME))
    flaws = [*_file_flaws(folder, stated)]
    if not flaws:
        flaws = [*_content_flaws(folder, manifest)]
    report = stated.get("inspection.json")
    return Proof(
        inspection=manifest["inspection"],
        report_sha256=report[0] if report else None,
        files=len(stated),
        flaws=tuple(flaws),
    )


def require_result(folder: Path) -> None:
    """
    Refuse a folder that is no result; one that has lost its manifest still has its document.

    Raises
    ------
    RefusedError
        ``result_below`` if its one folder with a manifest is meant, which is named;
        ``result_absent``.
    """
    if (folder / NAME).exists() or (folder / "inspection.json").exists():
        return
    below = [path.parent.name for path in folder.glob(f"*/{NAME}")]
    if len(below) == 1:
        raise RefusedError("result_below", where=below[0])
    raise RefusedError("result_absent")


def is_sound(inspection: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    """Whether a document, looked at alone, is an inspection of ours whose ledger adds up."""
    try:
        from_json(inspection)
        return (
            inspection["schema"] == INSPECTION_SCHEMA
            and _adds_up(inspection["ledger_ha"])
            and agrees(inspection)
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False


def _unproven(flaw: Flaw) -> Proof:
    return Proof(inspection=None, report_sha256=None, files=0, flaws=(flaw,))


def _stated(manifest: dict[str, Any]) -> dict[str, tuple[str, int]]:
    """Hash and size by name, as sealed; a name that leaves the folder is no name."""
    if manifest["schema"] != SCHEMA:
        raise RefusedError("document_unreadable")
    stated = {entry["path"]: (entry["sha256"], entry["size"]) for entry in manifest["outputs"]}
    for name in stated:
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise RefusedError("document_unreadable")
    return stated


def _file_flaws(folder: Path, stated: dict[str, tuple[str, int]]) -> list[Flaw]:
    present = set(contents(folder))
    flaws = [Flaw(code="evidence_missing", file=name) for name in sorted(set(stated) - present)]
    flaws += [Flaw(code="evidence_extra", file=name) for name in sorted(present - set(stated))]
    for name in sorted(present & set(stated)):
        path, (digest, size) = folder / name, stated[name]
        # A link could point at an honest copy today and at anything tomorrow.
        honest = path.is_file() and not path.is_symlink() and path.stat().st_size == size
        if not honest or sha256_of(path) != digest:
            flaws.append(Flaw(code="evidence_changed", file=name))
    return flaws


def _content_flaws(folder: Path, manifest: dict[str, Any]) -> list[Flaw]:
    try:
        inspection = read_canonical(folder / "inspection.json")
        findings = json.loads((folder / "findings.geojson").read_bytes())
        agree = (
            is_sound(inspection)
            and inspection["id"] == manifest["inspection"]
            and inspection["created_at"] == manifest["created_at"]
            and inspection["parameters"] == manifest["parameters"]
            and inspection["software"] == manifest["software"]
            and _hashes(inspection) <= {source["sha256"] for source in manifest["inputs"]}
            and _sources(inspection) == _sources(manifest, "inputs")
            and all(picture in manifest["outputs"] for picture in inspection["pictures"])
        )
        if not agree:
            return [Flaw(code="evidence_disagrees", file="inspection.json")]
        if not _same_findings(with_outcomes(inspection), findings["features"]):
            return [Flaw(code="evidence_disagrees", file="findings.geojson")]
    except (OSError, ValueError, RefusedError, KeyError, TypeError, AttributeError):
        return [Flaw(code="evidence_disagrees", file="inspection.json")]
    return []


def _hashes(inspection: dict[str, Any]) -> set[str]:
    """Input hashes that an inspection states where it speaks of the input, beside its list."""
    flights = [flight for flight in inspection["flights"].values() if flight]
    stated = [inspection["boundary"]["sha256"], *(flight["sha256"] for flight in flights)]
    stated += [flight["heights"]["sha256"] for flight in flights if flight["heights"]]
    logs = [flight.get("log_sha256") for flight in flights]
    stated += [layer["sha256"] for layer in inspection["layers"]]
    position, permit = inspection["position"], inspection["permit_sha256"]
    points = position["control_points_sha256"], position["control_point_marks_sha256"]
    profile = inspection["profile"]
    stated += [profile["sha256"], *(parent["sha256"] for parent in profile["extends"])]
    return {*stated, *(h for h in (*points, permit, *logs) if h)}


def _sources(document: dict[str, Any], under: str = "sources") -> list[tuple[Any, ...]]:
    """Inputs in their order, as a document lists them."""
    parts = ("role", "name", "sha256", "size")
    return [tuple(source[part] for part in parts) for source in document[under]]


def _adds_up(ledger: dict[str, float | None]) -> bool:
    parts = sum(ledger[part] or 0.0 for part in LEDGER_PARTS)
    return math.isclose(parts, ledger["permit"] or 0.0, abs_tol=1e-7, rel_tol=1e-12)


def _same_findings(findings: list[dict[str, Any]], features: list[dict[str, Any]]) -> bool:
    drawn = {feature["properties"]["id"]: feature for feature in features}
    if len(drawn) != len(features) or len(findings) != len(features):
        return False
    return all(_same_finding(finding, drawn[finding["id"]]) for finding in findings)


def _same_finding(finding: dict[str, Any], feature: dict[str, Any]) -> bool:
    shape = feature["geometry"]
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    return finding["vertices"] == polygons and all(
        finding[name] == value for name, value in feature["properties"].items()
    )
