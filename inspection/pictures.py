"""Pictures and surfaces taken in: behind the gate, hashed, as files of our own."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple

from pyproj import CRS

from geo.boundary import Boundary
from geo.control_points import ControlPoint, ControlPointList, Role
from geo.errors import RefusedError, about, naming
from geo.fitting import rough_grid
from geo.grid import Grid, Tile
from geo.height_system import HeightSystem, completed, declared_heights
from geo.intake.digest import hashing, sha256_of
from geo.intake.image import BLOCK_PX, normalise_image, probe_image
from geo.intake.making import Normalised
from geo.intake.probe import Probe
from geo.intake.surface import normalise_heights
from geo.misplaced import offering
from geo.polygons import touched_blocks
from geo.sanity import Finding, findings
from geo.site import Site
from inspection.flight_log.claims import captured_at, claims_of
from inspection.model import HeightModel, Orthophoto, Source, gsd_m
from inspection.place import DeclaredPlace
from inspection.ports import Advance

NEIGHBOURS_PX = 4
"""Pixels around the ground looked at that resampling its rim may ask for."""


def source(role: str, path: Path) -> Source:
    """Give an input file its role and its fingerprint."""
    return Source(role=role, name=path.name, sha256=sha256_of(path), size=path.stat().st_size)


def optional_source(role: str, path: Path | None) -> Source | None:
    """Give the same of a file that may not have been brought."""
    return source(role, path) if path else None


class Brought(NamedTuple):
    """A picture as it came, with what belongs to it."""

    role: str
    path: Path
    place: DeclaredPlace
    dsm: Path | None
    dsm_heights: str | None
    log: Path | None


class Anchor(NamedTuple):
    """What will place a picture, wherever its file says that it lies; all of it is taken in."""

    points: ControlPointList | None = None
    plane: CRS | None = None
    """Reference system of a picture that it will be matched to."""


class Reach(NamedTuple):
    """How much of a picture that lies in its place is taken in, and what it is for."""

    ring_m: float
    """Width of the ring around the permit."""

    analysed_m: float | None = None
    """Pixel size wished for where it is analysed; None where it is only looked up."""

    near: Callable[[], CRS] | None = None
    """Gives the system of another picture, whose place decides the one that the site is in; its
    own if None."""

    found: Callable[[CRS], object] | None = None
    """Told the system of this picture, as soon as it is known."""


def orthophoto(
    brought: Brought,
    boundary: Boundary,
    *,
    anchor: Anchor,
    reach: Reach,
    desk: Path,
    advance: Advance,
) -> Orthophoto:
    """
    Take a picture in: the part of it that shows ground looked at, or all that may do so.

    Where no pixel of it will ever be moved it is clipped on the way, as `inspection.steps.clip`
    would do it.
    """
    points, plane = anchor
    role, path, place = brought.role, brought.path, brought.place
    with offering(boundary):
        probe = probe_image(path, declared=place.read())
    if probe.is_heights:
        with about(path.name):
            raise RefusedError("orthophoto_is_surface", nodata=f"{probe.nodata:g}")
    own = None
    if role == "current" and points is None and plane is None:
        own = own_points(probe)
    held = points or own
    if probe.grid is None and plane is not None:
        grid = Grid.of_pixels(probe.rows, probe.columns, crs=plane)
    elif probe.grid is None and held is not None:
        grid = rough_grid(held, rows=probe.rows, columns=probe.columns)
    else:
        with offering(boundary):
            grid = probe.placed()
    if reach.found is not None:
        reach.found(grid.crs)
    window = Tile(row=0, column=0, rows=grid.rows, columns=grid.columns)
    oddities: tuple[Finding, ...] = ()
    site = None
    # Where something will move the picture, nobody knows yet which part of it is needed.
    if held is None and plane is None:
        site = Site.around(boundary, ring_m=reach.ring_m, near=grid.crs)
        site.require_seen_by(grid)
        window = site.part_of(grid)
        oddities = tuple(findings(grid, permit=boundary))
    if probe.is_like_heights:
        oddities += (Finding(code="picture_like_heights"),)
    with hashing(path) as hashed:
        taking = Taking(path, desk / f"{role}.tif", window, window.of(grid))
        made, clipped = taking.by(site, reach, advance)
        whole = hashed()
    return Orthophoto(
        source=Source(role=role, name=path.name, sha256=whole, size=path.stat().st_size),
        path=taking.out,
        grid=taking.grid,
        clipped=clipped,
        own_points=own,
        is_placed=probe.grid is not None,
        delivered_rows=grid.rows,
        delivered_columns=grid.columns,
        captured_at=captured_at(claims_of(None, probe.tags)),
        software=probe.tags.get("TIFFTAG_SOFTWARE"),
        tags=probe.tags,
        made=made,
        oddities=oddities,
        world_file=optional_source(f"{role}_world_file", place.world_file),
        declared_crs=place.crs,
        assumption=place.assumption(grid.crs, stated=probe.stated),
    )


class Taking(NamedTuple):
    """A picture on its way in."""

    path: Path
    out: Path
    window: Tile
    """Part of it that is taken."""

    grid: Grid
    """Of that part."""

    def by(
        self, site: Site | None, reach: Reach, advance: Advance
    ) -> tuple[Normalised, Grid | None]:
        """Make our own copy, clipped on a grid of its own where it can be."""
        if site is None:
            return normalise_image(self.path, self.out, window=self.window, advance=advance), None
        ground = site.looked_at_on(self.grid.crs)
        if self.is_kept_as_it_lies(site, reach):
            # Loaded here: a check, which reads positions as this module does, clips nothing.
            from geo.cog import JPEG_QUALITY  # noqa: PLC0415
            from geo.intake.clip import Cut, clip_image  # noqa: PLC0415

            cut = Cut(window=self.window, grid=site.clip_grid(self.grid), ground=ground)
            made = clip_image(self.path, self.out, cut=cut, quality=JPEG_QUALITY, advance=advance)
            return made, cut.grid
        needed = touched_blocks(ground, grid=self.grid, side=BLOCK_PX, margin=NEIGHBOURS_PX)
        return normalise_image(
            self.path, self.out, window=self.window, needed=needed, advance=advance
        ), None

    def is_kept_as_it_lies(self, site: Site, reach: Reach) -> bool:
        """Whether it is clipped as its pixels are, to be packed as a picture for people."""
        if reach.analysed_m is None or not self.grid.is_north_up:
            return False
        if not site.halvings(gsd_m(self.grid), wished_m=reach.analysed_m):
            return False  # what is as coarse as the analysis is kept without loss
        return reach.near is None or site.is_where(reach.near())


def own_points(probe: Probe) -> ControlPointList | None:
    """Control points of a file that says in no other way where it lies, if they can be used."""
    found = probe.ground_control
    if probe.grid is not None or found is None or found.crs is None or not found.points:
        return None
    points = tuple(
        ControlPoint(
            name=str(number),
            role=Role.CONTROL,
            x=one.x,
            y=one.y,
            column=one.column,
            row=one.row,
        )
        for number, one in enumerate(found.points, start=1)
    )
    return ControlPointList(crs=found.crs, points=points)


def heights_of(
    role: str, path: Path, *, option: str | None, log: str | None, desk: Path
) -> HeightModel:
    """Take a surface model in; `option` and `log` state what its heights count in and from."""
    own = desk / f"{role}.tif"
    with naming(path):
        probe = probe_image(path)
        grid = probe.placed()
        system, stated_by = _system(probe.heights, option=option, log=log)
        normalise_heights(path, own, metres_up=system.metres_up or 1.0)
    return HeightModel(
        source=source(role, path), path=own, grid=grid, system=system, stated_by=stated_by
    )


def _system(
    stated: HeightSystem, *, option: str | None, log: str | None
) -> tuple[HeightSystem, Literal["file", "option", "log"] | None]:
    """What heights count in and from, and who says so; nobody may contradict the file."""
    said = option or log
    whole = completed(stated, declared_heights(said)) if said else stated
    if whole != stated:
        return whole, "option" if option else "log"
    is_silent = stated.metres_up is None and stated.datum is None
    return stated, None if is_silent else "file"
