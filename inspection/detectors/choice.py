"""Choosing what scores change: as the profile says, unless the office has a detector of its own."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo.detector import Detector
from geo.errors import RefusedError

HOME: Final = Path(__file__).parent
COMES_ALONG: Final = HOME / "change.toml"
"""Which network comes along: its file, name, version and fingerprint."""

UNAVAILABLE: Final = "detector_unavailable"
"""Warning where the network that comes along could not be used."""


@dataclass(frozen=True, kw_only=True)
class OwnDetector:
    """A detector that an office brought: a network in a file, in the form of `geo.network`."""

    path: Path
    sha256: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Chosen:
    """What scores change."""

    detector: Detector | None
    """None where how far two dates differ says it."""

    warnings: tuple[str, ...] = ()


def chosen(kind: str, own: OwnDetector | None, *, home: Path = COMES_ALONG) -> Chosen:
    """
    Open the detector that shall score.

    An office's own is used or refused. The network that comes along is used where the
    profile asks for it; if it cannot be, the evidence alone decides, and that is said.

    Parameters
    ----------
    kind
        As in `inspection.profiles.scoring_rules`.
    own
        The office's own; None where it has none.
    home
        Where the network that comes along is described.

    Raises
    ------
    RefusedError
        As `geo.network.Network`, of the office's own.
    """
    if own is not None:
        # Loaded here: most commands score nothing.
        from geo.network import Network  # noqa: PLC0415

        sha256 = own.sha256
        name = own.path.stem
        return Chosen(detector=Network(own.path, sha256=sha256, name=name, version=sha256[:12]))
    if kind == "classical":
        return Chosen(detector=None)
    try:
        return Chosen(detector=_comes_along(home))
    except (ImportError, OSError, RefusedError, tomllib.TOMLDecodeError, KeyError):
        return Chosen(detector=None, warnings=(UNAVAILABLE,))


def prove(own: OwnDetector | None) -> None:
    """Refuse an office's own detector that cannot be used; raises as `chosen`."""
    if own is not None:
        chosen("network", own)


def _comes_along(home: Path) -> Detector:
    from geo.network import Network  # noqa: PLC0415 - as above

    said = tomllib.loads(home.read_text("utf-8"))
    return Network(
        home.parent / said["file"],
        sha256=said["sha256"],
        name=said["name"],
        version=said["version"],
    )
