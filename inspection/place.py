"""What whoever brings a picture says of its place."""

from dataclasses import dataclass
from pathlib import Path

from geo.errors import naming
from geo.intake.position import Declared, declared_crs
from geo.world_file import read_world_file


@dataclass(frozen=True, kw_only=True)
class DeclaredPlace:
    """Where a picture lies, for what its file does not say itself."""

    world_file: Path | None = None
    crs: str | None = None
    """A code such as EPSG:32750."""

    def read(self) -> Declared:
        """
        Read the world file and look up the code.

        Raises
        ------
        RefusedError
            What `geo.world_file.read_world_file` and `geo.intake.position.declared_crs` refuse.
        """
        crs = declared_crs(self.crs) if self.crs is not None else None
        if self.world_file is None:
            return Declared(crs=crs)
        with naming(self.world_file):
            return Declared(crs=crs, transform=read_world_file(self.world_file))


NOWHERE = DeclaredPlace()
"""Nothing was said."""
