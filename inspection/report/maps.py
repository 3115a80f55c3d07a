"""The maps of a report: what each of them shows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import shapely
from shapely import Geometry

from inspection.document import Finding, Inspection
from inspection.model import RegistrationStatus
from inspection.report.drawing import Drawing
from inspection.report.furniture import furnish
from inspection.report.imagery import Pictures, Quality
from inspection.report.legend import BAND, BOUNDARY, RING, STATED, UNSEEN, layer_line, line_of
from inspection.report.scene import Scene
from inspection.report.view import View
from inspection.wording.catalogue import Wording

CROP_AIR = 1.7
"""A crop is this many times as wide as the finding, to show what it lies in."""

LEAST_CROP_M = 20.0
LABELS = 60
"""A map with more findings than this names only the gravest of them."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Maps:
    """Draws the maps of one inspection; without pictures it draws the lines alone."""

    inspection: Inspection
    scene: Scene
    words: Wording
    width_mm: float
    height_mm: float
    pictures: Pictures | None
    quality: Quality

    def all(self, main: Sequence[Finding]) -> Iterator[tuple[str, Callable[[], bytes]]]:
        """Give every map that the report shows by its name, still to be drawn, in any order."""
        compared = self.inspection.registration.status is RegistrationStatus.REGISTERED
        yield "boundary", self._boundary
        yield "coverage", self._coverage
        yield "after", partial(self._flight, "after", "current")
        if self.inspection.flights.baseline is not None:
            yield "before", partial(self._flight, "before", "baseline")
        if compared:
            yield "difference", self._difference
        if self.inspection.layers:
            yield "layers", self._layers
        for finding in main:
            if self.inspection.flights.baseline is not None:
                yield f"{finding.id}-before", partial(self._crop, finding, "baseline", "before")
            yield f"{finding.id}-after", partial(self._crop, finding, "current", "after")

    def whole(self) -> View:
        """View of all the ground looked at, in the size of the large maps."""
        return self._view(self.scene.looked_at, self.width_mm, self.height_mm)

    def _view(self, shape: Geometry, width_mm: float, height_mm: float, least_m: float = 0) -> View:
        view = View.around(
            shape, self.scene.crs, width_mm=width_mm, height_mm=height_mm, least_m=least_m
        )
        return replace(view, coarseness=self.quality.coarseness)

    def _flight(self, name: str, role: str) -> bytes:
        view = self.whole()
        drawing = Drawing.of(name, view)
        self._photo(drawing, view, role)
        self._ground(drawing, view)
        self._findings(drawing, view)
        furnish(drawing, view, self.words)
        return drawing.framed()

    def _difference(self) -> bytes:
        view = self.whole()
        drawing = Drawing.of("difference", view)
        if self.pictures is not None:
            grid = view.grid(self.quality.pixels_per_mm)
            drawing.picture(self.pictures.score(drawing.name, grid, jpeg=self.quality.jpeg))
        self._ground(drawing, view)
        self._findings(drawing, view)
        furnish(drawing, view, self.words)
        return drawing.framed()

    def _boundary(self) -> bytes:
        view = self._half()
        drawing = Drawing.of("boundary", view)
        self._photo(drawing, view, "current")
        drawing.line(view.drawn(self.scene.looked_at), RING)
        drawing.line(view.drawn(self.scene.permit), BOUNDARY)
        number = 0
        for part in shapely.get_parts(self.scene.permit):
            # The outline follows long edges in steps; only the corners as written are numbered.
            for x, y in shapely.get_coordinates(shapely.simplify(part.exterior, 0.01))[:-1]:
                number += 1
                at = shapely.get_coordinates(view.drawn(shapely.Point(x, y)))[0]
                drawing.dot(*at)
                drawing.words(at[0] + 10, at[1] - 10, str(number), bold=True)
        furnish(drawing, view, self.words)
        return drawing.framed()

    def _coverage(self) -> bytes:
        view = self._half()
        drawing = Drawing.of("coverage", view)
        self._photo(drawing, view, "current")
        self._ground(drawing, view)
        furnish(drawing, view, self.words)
        return drawing.framed()

    def _layers(self) -> bytes:
        view = self.whole()
        drawing = Drawing.of("layers", view)
        self._photo(drawing, view, "current")
        for number, shape in enumerate(self.scene.layers, start=1):
            line = layer_line(number)
            for part in shapely.get_parts(shape):
                drawn = view.drawn(part)
                if shapely.is_empty(drawn):
                    continue
                x, y = shapely.get_coordinates(shapely.point_on_surface(drawn))[0]
                if isinstance(part, shapely.Point):
                    drawing.dot(x, y, colour=line.colour)
                drawing.line(drawn, line)
                drawing.words(x + 12, y - 6, str(number), bold=True)
        self._ground(drawing, view)
        furnish(drawing, view, self.words)
        return drawing.framed()

    def _half(self) -> View:
        width = (self.width_mm - 4) / 2
        return self._view(self.scene.looked_at, width, width)

    def _crop(self, finding: Finding, role: str, name: str) -> bytes:
        width = (self.width_mm - 4) / 2
        shape = self.scene.shape(finding)
        left, bottom, right, top = shapely.bounds(shape)
        least = max(LEAST_CROP_M, CROP_AIR * max(right - left, top - bottom))
        view = self._view(shape, width, width, least)
        drawing = Drawing.of(f"{finding.id}-{name}", view)
        self._photo(drawing, view, role, crop=True)
        for unseen in self.scene.unseen.values():
            drawing.hatch(view.drawn(unseen), UNSEEN)
        drawing.line(view.drawn(shapely.boundary(self.scene.permit)), BOUNDARY)
        drawing.line(view.drawn(shape), line_of(finding))
        if finding.id in self.scene.stated:
            drawing.line(view.drawn(self.scene.stated[finding.id]), STATED)
        furnish(drawing, view, self.words)
        return drawing.framed()

    def _photo(self, drawing: Drawing, view: View, role: str, *, crop: bool = False) -> None:
        if self.pictures is None:
            return
        density = self.quality.crop_pixels_per_mm if crop else self.quality.pixels_per_mm
        flight = getattr(self.inspection.flights, role)
        grid = view.grid(density, finest_m=flight.gsd_m)
        photo = self.pictures.photo(drawing.name, role, grid, jpeg=self.quality.jpeg)
        drawing.picture(photo)

    def _ground(self, drawing: Drawing, view: View) -> None:
        for shape in self.scene.unseen.values():
            drawing.hatch(view.drawn(shape), UNSEEN)
        edge = shapely.boundary(self.scene.permit)
        reach = self.inspection.position.uncertainty_m
        if reach > view.metres_per_mm:  # else the band is thinner than the line itself
            drawing.hatch(view.drawn(shapely.buffer(edge, reach)), BAND)
        drawing.line(view.drawn(self.scene.looked_at), RING)
        drawing.line(view.drawn(edge), BOUNDARY)

    def _findings(self, drawing: Drawing, view: View) -> None:
        for finding, shape in reversed(self.scene.findings):
            drawing.line(view.drawn(shape), line_of(finding))
        for shape in self.scene.stated.values():
            drawing.line(view.drawn(shape), STATED)
        found = {finding.id for finding, _ in self.scene.findings}
        by_hand = [one for one in self.scene.stated.items() if one[0] not in found]
        named = [(finding.id, shape) for finding, shape in self.scene.findings[:LABELS]]
        for name, shape in reversed([*named, *by_hand]):
            spot = shapely.get_coordinates(view.drawn(shapely.point_on_surface(shape)))[0]
            drawing.words(
                spot[0],
                spot[1] + 8,
                name.lstrip("F0"),
                size_mm=2.4,
                anchor="middle",
                bold=True,
            )
