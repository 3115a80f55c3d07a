"""Lists of control points: every form as its program writes it, and what is refused with reason."""

import time

import pytest
from pyproj import CRS

from geo.control_points import Role
from geo.errors import RefusedError
from geo.points.reading import read_control_points
from geo.points.system import system_named

UTM = CRS.from_epsg(32750)
WKT = UTM.to_wkt("WKT1_GDAL")

ODM = """EPSG:32750\t
333100.5 9613200.25 12 100.5 200.25 ortho.tif gcp01
333200.5 9613300.25 12 900.5 210.25 ORTHO.TIF icp02
333300.5 9613100.25 12 500.5 700.25 photo_0001.JPG gcp03
"""

QGIS = f"""#CRS: {UTM.to_wkt()}
mapX,mapY,sourceX,sourceY,enable,dX,dY,residual
333100.5,9613200.25,100.5,-200.25,1,0,0,0
333200.5,9613300.25,900.5,-210.25,0,0,0,0
"""

QGIS_OLD = """mapX,mapY,pixelX,pixelY,enable,dX,dY,residual
333100.5,9613200.25,100.5,-200.25,1,0,0,0
"""

PIX4D_PLACES = "gcp01,333100.5,9613200.25,12.1\nCHK1,333200.5,9613300.25,12.2\n"
PIX4D_MARKS = "ortho.tif,gcp01,100.5,200.25,1\northo.tif,CHK1,900.5,210.25,1\n"

METASHAPE = f"""# CoordinateSystem: {WKT}
#Label,X/Longitude,Y/Latitude,Z/Altitude,Error_(m),X_error,Y_error,Z_error,X_est,Y_est,Z_est
gcp01,333100.5,9613200.25,12,,,,,,,
gcp02,333200.5,9613300.25,12,,,,,,,
"""

METASHAPE_XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<document version="1.2.0"><chunk>
<cameras><camera id="0" label="ortho"/><camera id="1" label="other"/></cameras>
<markers>
<marker id="0" label="gcp01"><reference x="333100.5" y="9613200.25" z="12" enabled="true"/></marker>
<marker id="1" label="gcp02"><reference x="333200.5" y="9613300.25" z="1" enabled="false"/></marker>
</markers>
<frames><frame id="0"><markers>
<marker marker_id="0"><location camera_id="0" pinned="true" x="100.5" y="200.25"/>
<location camera_id="1" x="1" y="2"/></marker>
<marker marker_id="1"><location camera_id="0" pinned="true" x="900.5" y="210.25"/></marker>
</markers></frame></frames>
<reference>{WKT.replace('"', "&quot;")}</reference>
</chunk></document>"""

OWN = """name,role,crs,x,y,z,column,row
gcp01,control,EPSG:32750,333100.5,9613200.25,12,100.5,200.25
chk,CHECK,EPSG:32750,333200.5,9613300.25,12,900.5,210.25
"""

TITIK = """Titik;Timur;Utara;Pixel_X;Pixel_Y
TK1;333100,5;9613200,25;100,5;200,25
Uji-1;333200,5;9613300,25;900,5;210,25
"""

BUJUR = "nama\tlintang\tbujur\tkolom\tbaris\nA\t-3.5\t115.5\t1\t2\n"


@pytest.fixture
def written(tmp_path):
    def write(content, name="points.txt"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def told(points):
    return [(p.name, str(p.role), p.x, p.y, p.column, p.row) for p in points.points]


FIRST = ("gcp01", "control", 333100.5, 9613200.25, 100.5, 200.25)
SECOND = (333200.5, 9613300.25, 900.5, 210.25)


@pytest.mark.parametrize(
    ("content", "more", "expected"),
    [
        (ODM, {}, [FIRST, ("icp02", "check", *SECOND)]),
        (QGIS, {}, [("1", *FIRST[1:]), ("2", "unused", *SECOND)]),
        (QGIS_OLD, {"crs": "EPSG:32750"}, [("1", *FIRST[1:])]),
        (METASHAPE_XML, {}, [FIRST, ("gcp02", "check", *SECOND)]),
        (OWN, {}, [FIRST, ("chk", "check", *SECOND)]),
        (
            TITIK,
            {"crs": "32750"},
            [("TK1", *FIRST[1:]), ("Uji-1", "check", *SECOND)],
        ),
    ],
    ids=["odm", "qgis", "qgis-old", "metashape-xml", "own", "titik"],
)
def test_each_form_is_read(written, content, more, expected):
    found = read_control_points(written(content), image="Ortho.TIFF", **more)
    assert told(found) == expected
    assert found.crs == UTM


@pytest.mark.parametrize("places", [PIX4D_PLACES, METASHAPE.replace("gcp02", "CHK1")])
@pytest.mark.parametrize(
    "marks", [PIX4D_MARKS, "image,label,x,y\northo.tif,GCP01,100.5,200.25\northo,chk1,900.5,210.25"]
)
def test_places_and_marks_are_joined_by_name(written, places, marks):
    found = read_control_points(
        written(places),
        image="ortho.jpg",
        crs="EPSG:32750",
        marks=written(marks, "marks.csv"),
    )
    assert told(found) == [FIRST, ("CHK1", "check", *SECOND)]


def test_degrees_are_taken_by_the_names_of_their_columns(written):
    found = read_control_points(written(BUJUR), image="a", crs="EPSG:4326")
    assert told(found) == [("A", "control", 115.5, -3.5, 1, 2)]


def test_content_decides_and_not_the_name(written):
    for name in ("list.xml", "list.points", "list.csv"):
        assert told(read_control_points(written(ODM, name), image="ortho"))[0] == FIRST


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "control_points_empty"),
        ("name,x,y,column,row\n", "control_points_empty"),
        ("garbage\n", "control_points_columns"),
        (b"\x00\x01\x02", "control_points_unreadable"),
        (OWN.replace("333100.5", "333100,5"), "control_points_value"),
        (OWN.replace("333100.5", "nan"), "control_points_value"),
        (OWN.replace("333100.5", "1_0"), "control_points_value"),
        (OWN.replace("333100.5", "1e300"), "control_points_value"),
        (OWN.replace("control", "maybe"), "control_points_value"),
        (OWN.replace("12,100.5,200.25", "12,100.5"), "control_points_value"),
        (OWN.replace("CHECK,EPSG:32750", "CHECK,EPSG:32749"), "control_points_mixed_crs"),
        (OWN.replace("EPSG:32750", "somewhere"), "control_points_crs_unknown"),
        (OWN.replace("EPSG:32750", "EPSG:99999"), "control_points_crs_unknown"),
        (TITIK, "control_points_crs_missing"),
        (PIX4D_PLACES, "control_points_without_pixels"),
        (METASHAPE, "control_points_without_pixels"),
        (PIX4D_MARKS, "control_points_without_ground"),
        (ODM.replace("ortho", "flight").replace("ORTHO", "b"), "control_points_of_other_images"),
        (ODM.replace("900.5", "x"), "control_points_value"),
        (QGIS.replace("-200.25", "9613000.0"), "control_points_pixels_placed"),
        (QGIS.replace("900.5", ""), "control_points_value"),
        (METASHAPE_XML.replace("</chunk>", ""), "control_points_unreadable"),
        (METASHAPE_XML.replace('x="100.5"', 'x="a"'), "control_points_value"),
        (
            "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]><document><chunk/></document>",
            "control_points_unreadable",
        ),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_by_its_reason(written, content, code):
    with pytest.raises(RefusedError) as caught:
        read_control_points(written(content), image="ortho.tif")
    assert caught.value.code == code


def test_a_system_that_contradicts_the_file_is_refused(written):
    with pytest.raises(RefusedError, match="control_points_crs_contradicted"):
        read_control_points(written(OWN), image="a", crs="EPSG:32749")
    assert read_control_points(written(OWN), image="a", crs="WGS84 UTM 50S").crs == UTM


def test_bare_degrees_may_be_either_way_round_and_are_not_guessed(written):
    places = "A,-3.5,115.5,1\nB,-3.6,115.6,1\n"
    marks = written("o.tif,A,1,2\n", "marks.txt")
    with pytest.raises(RefusedError, match="control_points_axes_unnamed"):
        read_control_points(written(places), image="o", crs="EPSG:4326", marks=marks)


def test_other_images_are_named_and_none_is_chosen(written):
    with pytest.raises(RefusedError) as caught:
        read_control_points(written(ODM), image="elsewhere.tif")
    assert caught.value.facts["images"] == "ORTHO.TIF, ortho.tif, photo_0001.JPG"


def test_a_name_is_stripped_of_what_cannot_be_printed(written):
    bad = OWN.replace("gcp01", "g\x1b[31m\u202ecp" + "x" * 200)
    name = read_control_points(written(bad), image="a").points[0].name
    assert name.isprintable()
    assert len(name) <= 60


REAL = {
    # They are lists about raw photos: no orthophoto is named in any of them.
    "gcp_list.txt": ("IMG_0037.JPG", {"gcp02": (235269.88, 3811198.11)}, None),
    "gcp_file.txt": ("dji_0065", {"2": (333158.20, 3102916.18)}, None),
    "gcp_list_nocoord.txt": ("IMG_0031.jpg", None, "control_points_without_ground"),
    "gcp_list_noimg.txt": ("any.tif", None, "control_points_without_pixels"),
    "GPS_average.txt": ("any.tif", None, "control_points_without_pixels"),
}


@pytest.mark.parametrize("name", REAL)
def test_real_lists_are_read_or_refused_with_reason(test_data, name):
    image, known, code = REAL[name]
    path = test_data / "gcp_lists" / name
    if code:
        with pytest.raises(RefusedError) as caught:
            read_control_points(path, image=image)
        assert caught.value.code == code
        return
    found = read_control_points(path, image=image)
    assert {p.name: (p.x, p.y) for p in found.points}.items() >= known.items()
    with pytest.raises(RefusedError) as caught:
        read_control_points(path, image="orthophoto.tif")
    assert caught.value.code == "control_points_of_other_images"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EPSG:4326", 4326),
        ("epsg::32750", 32750),
        ("+init=epsg:32611", 32611),
        ("WGS84 UTM 32N", 32632),
        ("WGS 84 / UTM zone 48S", 32748),
        (WKT, 32750),
    ],
)
def test_systems_are_known_by_the_names_that_programs_give_them(text, code):
    assert system_named(text) == CRS.from_epsg(code)


@pytest.mark.parametrize("text", ["", "name", "32750", "gcp01 1 2 3", "#CRS"])
def test_other_text_names_no_system(text):
    assert system_named(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "+proj=utm +zone=50 +nadgrids=/etc/passwd",
        "+proj=pipeline +step +proj=utm +zone=50",
        "+proj=nonsense",
        WKT.replace('UNIT["metre"', 'PARAMETERFILE["a"],UNIT["metre"'),
        'LOCAL_CS["x"]'.replace("LOCAL_CS", "PROJCS"),
        'COMPD_CS["a",' + WKT + "]",
        "PROJCS[" * 5000,
    ],
)
def test_a_system_that_asks_for_files_or_is_none_is_refused(text):
    with pytest.raises(RefusedError, match="control_points_crs_unknown"):
        system_named(text)


@pytest.mark.parametrize(
    "content",
    ["1 " * (2 << 20), "," * (4 << 20), '"' * (1 << 20), "a,b\n" * (1 << 20), "x" * (5 << 20)],
)
def test_a_hostile_list_is_refused_at_once(written, content):
    path = written(content)
    start = time.process_time()
    with pytest.raises(RefusedError):
        read_control_points(path, image="a")
    assert time.process_time() - start < 20


def test_the_roles_of_a_list_are_never_mixed(written):
    found = read_control_points(written(QGIS), image="a")
    assert [p.name for p in found.of(Role.CONTROL)] == ["1"]
    assert found.of(Role.CHECK) == ()
