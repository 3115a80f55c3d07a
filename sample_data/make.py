"""Make the sample: `python -m sample_data.make [--out DIR]`."""

import argparse
from pathlib import Path

import numpy as np
from shapely import Point

from sample_data.layout import layout
from sample_data.marks import places, surveyed
from sample_data.picture import taken
from sample_data.products import (
    write_boundary,
    write_json,
    write_marks,
    write_permit,
    write_picture,
)
from sample_data.site import BASELINE, CURRENT, SIDE_M
from sample_data.truth import hectares, truth


def make(folder: Path) -> None:
    """Draw the scene on both dates and write every file of the sample."""
    folder.mkdir(parents=True, exist_ok=True)
    site, marks = layout(), places()
    before = taken(site, BASELINE, marks)
    write_picture(folder, before, BASELINE)
    after = taken(site, CURRENT, marks)
    write_picture(folder, after, CURRENT)
    write_marks(folder, surveyed([_height(before.surface_m, mark) for mark in marks]))
    write_boundary(folder)
    found = truth(site, after.seen)
    write_json(folder / "truth.json", found)
    write_permit(folder, found, hectares(site.permit))


def _height(surface_m: np.ndarray[tuple[int, ...], np.dtype[np.float32]], mark: Point) -> float:
    return float(surface_m[int(SIDE_M - mark.y), int(mark.x)])


def main() -> None:
    """Make the sample where it lives, or elsewhere."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    make(parser.parse_args().out)


if __name__ == "__main__":
    main()
