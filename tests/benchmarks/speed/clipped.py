"""Ours, of one orthophoto: taken in behind the gate, clipped, with its analysis level."""

import sys
from pathlib import Path

from geo.boundary import read_boundary
from geo.site import Site
from inspection.pictures import Anchor, Brought, Reach, orthophoto
from inspection.place import NOWHERE
from inspection.profiles.profile import read_profile
from inspection.steps.clip import clip


def main() -> None:
    """Write `ours/after.tif`."""
    boundary_file, image = map(Path, sys.argv[1:])
    profile = read_profile("generic")
    drawer, desk = Path("drawer"), Path("ours")
    for folder in (drawer, desk):
        folder.mkdir(exist_ok=True)
    boundary = read_boundary(boundary_file)
    taken = orthophoto(
        Brought("current", image, NOWHERE, None, None, None),
        boundary,
        anchor=Anchor(),
        reach=Reach(profile.clip.ring_m, profile.analysis.gsd_m),
        desk=drawer,
        advance=lambda _share: None,
    )
    site = Site.around(boundary, ring_m=profile.clip.ring_m, near=taken.grid.crs)
    clip(
        taken,
        site,
        analysed_m=profile.analysis.gsd_m,
        out=desk / "after.tif",
        advance=lambda _share: None,
    )


if __name__ == "__main__":
    main()
