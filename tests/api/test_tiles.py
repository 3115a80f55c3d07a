"""Tiles: the right pixels in the right place, for whoever may see them, and for nobody else."""

from uuid import uuid4

import cv2
import numpy as np
import pytest
import shapely

from inspection.access.rights import Action
from inspection.objects.lending import Lending
from inspection.records.columns import now
from inspection.records.tables.offices import Token
from inspection.tiles import CHANGE_RAMP, Layer, Tile, Tiles
from tests.api.drawn import BROWN, GREEN, GROUND, SCORE, at, rasters


@pytest.fixture(scope="module")
def drawn(service):
    return service.drawn("here", rasters(), GROUND)


def pixel(client, inspection, layer, east: float, north: float, level: int = 19) -> tuple:
    """What the map shows at a share of the permit's box, counted from the south-west."""
    west, south, to_east, to_north = GROUND.bounds
    place = (west + (to_east - west) * east, south + (to_north - south) * north)
    x, y, across, down = at(*place, level)
    answer = client.get(f"/tiles/{inspection}/{layer}/{level}/{x}/{y}")
    assert answer.status_code == 200, answer.text
    image = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_UNCHANGED)
    assert image.shape[:2] == (256, 256)
    blue, green, red, *opacity = image[int(down * 256), int(across * 256)].tolist()
    return (red, green, blue, *(opacity or [255]))


def near(colour: tuple, wanted: tuple) -> bool:
    return bool(np.abs(np.subtract(colour, wanted)).max() <= 6)


@pytest.mark.parametrize("level", [17, 19, 21])
def test_each_place_has_the_colour_that_the_raster_has_there(service, drawn, level) -> None:
    with service.as_role("reviewer") as client:
        assert near(pixel(client, drawn, "current", 0.1, 0.5, level), (*GREEN, 255))
        assert near(pixel(client, drawn, "current", 0.9, 0.5, level), (*BROWN, 255))
        assert near(pixel(client, drawn, "baseline", 0.9, 0.5, level), (*GREEN, 255))
        assert pixel(client, drawn, "change", 0.1, 0.4, level)[3] == 0, "no change: see-through"
        assert near(pixel(client, drawn, "change", 0.9, 0.4, level), CHANGE_RAMP[SCORE])
        assert pixel(client, drawn, "change", 0.9, 0.95, level)[3] == 0, "not compared"


def test_a_tile_is_kept_by_its_reader_alone_and_is_not_sent_twice(service, drawn) -> None:
    x, y, _, _ = at(*GROUND.centroid.coords[0], 18)
    with service.as_role("inspector") as client:
        address = f"/tiles/{drawn}/current/18/{x}/{y}"
        first = client.get(address)
        assert first.headers["content-type"] == "image/webp"
        assert first.headers["cache-control"].startswith("private")
        again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_what_was_drawn_before_is_still_nobody_elses(service, drawn) -> None:
    x, y, _, _ = at(*GROUND.centroid.coords[0], 18)
    address = f"/tiles/{drawn}/current/18/{x}/{y}"
    stranger = service.people["there", "reviewer"]
    token, secret = service.token("here", service.people["here", "gis"], Action.INSPECTION_READ)
    with (
        service.as_role("reviewer") as client,
        service.signed_in("there", stranger) as foreign,
        service.client(headers={"Authorization": f"Bearer {secret}"}) as program,
    ):
        first = client.get(address)
        for one in (client, program):
            assert one.get(address).content == first.content
        tag = {"If-None-Match": first.headers["etag"]}
        assert foreign.get(address, headers=tag).status_code == 404
        with service.records.writing(service.offices["here"]) as session:
            session.get_one(Token, token).ended_at = now()
        assert client.delete("/api/v1/session").status_code == 204
        for one in (client, program):
            assert one.get(address, headers=tag).status_code == 401, "at once"


def test_no_more_tiles_are_kept_than_there_is_room_for(service) -> None:
    sha256 = service.app.state.objects.put([rasters()["current.tif"]]).sha256
    tiles = Tiles(service.app.state.objects, most_bytes=20_000)
    x, y, _, _ = at(*GROUND.centroid.coords[0], 22)
    asked = [Tile(z=22, x=x + number, y=y) for number in range(12)]
    first = [tiles.drawn(sha256, Layer.CURRENT, one, is_exact=False) for one in asked]
    again = tiles.drawn(sha256, Layer.CURRENT, asked[-1], is_exact=False)
    assert again is first[-1], "kept"
    anew = tiles.drawn(sha256, Layer.CURRENT, asked[0], is_exact=False)
    assert anew == first[0]
    assert anew is not first[0], "drawn again"
    tiles.close()


def test_where_nothing_was_drawn_there_is_nothing(service, drawn) -> None:
    x, y, _, _ = at(*shapely.affinity.translate(GROUND, 1).centroid.coords[0], 18)
    with service.as_role("gis") as client:
        assert client.get(f"/tiles/{drawn}/current/18/{x}/{y}").status_code == 204
        for odd in ("18/-1/0", "18/x/0", "99999999999/1/1"):
            assert client.get(f"/tiles/{drawn}/current/{odd}").status_code == 422
        for beyond in ("2/4/0", "2/0/4", "27/0/0"):
            assert client.get(f"/tiles/{drawn}/current/{beyond}").status_code == 404
        assert client.get(f"/tiles/{drawn}/boundary/18/{x}/{y}").status_code == 422


def test_no_tile_leaves_its_office(service, drawn) -> None:
    x, y, _, _ = at(*GROUND.centroid.coords[0], 18)
    foreign = service.drawn("there", rasters(), GROUND)
    waiting = service.inspection("here")
    with service.as_role("reviewer") as client, service.client() as nobody:
        told = [
            client.get(f"/tiles/{one}/current/18/{x}/{y}") for one in (foreign, uuid4(), waiting)
        ]
        assert [one.status_code for one in told] == [404] * 3
        assert len({one.content for one in told}) == 1, "as if there were none"
        assert nobody.get(f"/tiles/{drawn}/current/18/{x}/{y}").status_code == 401


def test_an_object_is_checked_once_and_given_back_when_others_need_the_room(service) -> None:
    objects = service.app.state.objects
    hashes = [objects.put([bytes([one])]).sha256 for one in range(3)]
    asked = []

    class Watched:
        def lend(self, sha256):
            asked.append(sha256)
            return objects.lend(sha256)

    lending = Lending(Watched(), most=2)
    for one in (0, 0, 1, 0, 2, 0, 1):
        with lending.lent(hashes[one]) as path:
            assert path.read_bytes() == bytes([one])
    assert [hashes.index(one) for one in asked] == [0, 1, 2, 1]
    with lending.lent(hashes[0]), lending.lent(hashes[1]), lending.lent(hashes[2]):
        pass
    lending.close()
