"""What whoever brings a picture says of its place."""

from dataclasses import dataclass
from pathlib import Path

from pyproj import CRS

from geo.errors import RefusedError, naming
from geo.intake.position import Declared, declared_crs
from geo.intake.xmp import printing
from geo.world_file import read_world_file


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """A reference system in which a picture's numbers were read whatever its file says."""

    crs: str
    stated: str | None
    """As the file says; None where it names none that can be used."""

    by: str | None
    """Who answers for it; None where nobody was named."""


@dataclass(frozen=True, kw_only=True)
class DeclaredPlace:
    """Where a picture lies, as its bringer says."""

    world_file: Path | None = None
    crs: str | None = None
    """A code such as EPSG:32750, for a file that names no system."""

    assumed_crs: str | None = None
    """A code that counts although the file names another system."""

    assumed_by: str | None = None
    """Who answers for that."""

    def read(self) -> Declared:
        """
        Read the world file and look up the code.

        Raises
        ------
        RefusedError
            ``image_crs_both_ways`` if a system is both declared and assumed; what
            `geo.world_file.read_world_file` and `geo.intake.position.declared_crs` refuse.
        """
        if self.crs is not None and self.assumed_crs is not None:
            raise RefusedError("image_crs_both_ways")
        crs, assumed = (
            declared_crs(code) if code is not None else None
            for code in (self.crs, self.assumed_crs)
        )
        if self.world_file is None:
            return Declared(crs=crs, assumed=assumed)
        with naming(self.world_file):
            transform = read_world_file(self.world_file)
        return Declared(crs=crs, assumed=assumed, transform=transform)

    def assumption(self, crs: CRS, *, stated: CRS | None) -> Assumption | None:
        """Record under whose name a system counted that the file does not say."""
        if self.assumed_crs is None:
            return None
        return Assumption(
            crs=crs.to_string(),
            stated=code_of(stated) if stated else None,
            by=self.assumed_by,
        )


def code_of(crs: CRS) -> str:
    """Code of a reference system, or its name where it has none."""
    authority = crs.to_authority()
    return ":".join(authority) if authority else printing(crs.name)


NOWHERE = DeclaredPlace()
"""Nothing was said."""
