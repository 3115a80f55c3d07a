"""The files of one drawn pair."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

KINDS = ("deflate", "jpeg")
"""How pictures are packed."""

REPEATED = "repeated"
"""A large picture made of one smaller one many times."""


@dataclass(frozen=True)
class Scene:
    """What is inspected."""

    before: Path
    after: Path
    boundary: Path
    ground: Path
    """The permit with its ring: what peers are told to cut to."""

    @classmethod
    def at(cls, folder: Path, *, kind: str) -> Self:
        """Where they lie in a folder; the pictures say in their names how they are packed."""
        return cls(
            before=folder / f"before-{kind}.tif",
            after=folder / f"after-{kind}.tif",
            boundary=folder / "boundary.geojson",
            ground=folder / "ground.geojson",
        )
