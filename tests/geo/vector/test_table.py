"""Coordinate tables as offices write them: read exactly, or refused with the line."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from pyproj import CRS
from shapely import Polygon

from geo.area import area_m2
from geo.boundary import Boundary
from geo.crs import LONLAT
from geo.fault import Fault, Faulty
from geo.vector.sheet import read_text_table, read_workbook
from geo.vector.unfit import Reason, Unfit
from inspection.exchange.coordinate_table import csv_table, table_rows, write_xlsx

BANDUNG = [
    (107.5, -7.0),
    (107.5 + 24.5 / 3600, -7.0),
    (107.5 + 24.5 / 3600, -7 - 18.2 / 3600),
    (107.5, -7 - 18.2 / 3600),
]

HONEST = {
    "official columns": """Titik;Bujur °;Bujur ';Bujur ";BT;Garis Lintang °;';";LU/LS
1;107;30;00,000;BT;7;00;00,000;LS
2;107;30;24,500;BT;7;00;00,000;LS
3;107;30;24,500;BT;7;00;18,200;LS
4;107;30;00,000;BT;7;00;18,200;LS
""",
    "one cell an angle, the first vertex repeated": """Daftar Koordinat WIUP
No;Bujur;Lintang
1;107° 30' 00,000" BT;7° 00' 00,000" LS
2;107° 30' 24,500" BT;7° 00' 00,000" LS
3;107° 30' 24,500" BT;7° 00' 18,200" LS
4;107° 30' 00,000" BT;7° 00' 18,200" LS
1;107° 30' 00,000" BT;7° 00' 00,000" LS
""",
    "pasted, with primes": """1. 107° 30′ 00,0″ BT 7° 00′ 00,0″ LS
2. 107° 30′ 24,5″ BT 7° 00′ 00,0″ LS
3. 107° 30′ 24,5″ BT 7° 00′ 18,2″ LS
4. 107° 30′ 00,0″ BT 7° 00′ 18,2″ LS
""",
    "latitude first, English letters": """S 7°00'00.0" E 107°30'00.0"
S 7°00'00.0" E 107°30'24.5"
S 7°00'18.2" E 107°30'24.5"
S 7°00'18.2" E 107°30'00.0"
""",
    "a minus for the south, decimal point": """No,Lon D,Lon M,Lon S,Lat D,Lat M,Lat S
1,107,30,00.000,-7,00,00.000
2,107,30,24.500,-7,00,00.000
3,107,30,24.500,-7,00,18.200
4,107,30,00.000,-7,00,18.200
""",
    "hemispheres in the heading alone": """No;Bujur Timur (BT) °;';";Lintang Selatan (LS) °;';"
1;107;30;00,000;7;00;00,000
2;107;30;24,500;7;00;00,000
3;107;30;24,500;7;00;18,200
4;107;30;00,000;7;00;18,200
""",
    "decimal degrees": """id,longitude,latitude
1,107.5,-7.0
2,107.50680555555556,-7.0
3,107.50680555555556,-7.005055555555556
4,107.5,-7.005055555555556
""",
}  # fmt: skip


def table(folder: Path, text: str):
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return read_text_table(path)


def shape_of(written):
    ((shape,),) = [one.shapes for one in written.features]
    return shape


@pytest.mark.parametrize("text", HONEST.values(), ids=HONEST)
def test_every_honest_layout_gives_the_same_outline(tmp_path, text):
    written = table(tmp_path, text)
    assert written.crs == LONLAT
    ring = shapely.get_coordinates(shape_of(written))[:-1]
    np.testing.assert_allclose(ring, BANDUNG, rtol=0, atol=1e-15)


def test_the_equator_runs_through_one_table(tmp_path):
    written = table(
        tmp_path,
        """No;Bujur;Lintang
1;110° 20' 00,0" BT;0° 00' 09,1" LU
2;110° 20' 24,5" BT;0° 00' 09,1" LU
3;110° 20' 24,5" BT;0° 00' 09,1" LS
4;110° 20' 00,0" BT;0° 00' 09,1" LS
""",
    )
    assert area_m2(shape_of(written), LONLAT) / 1e4 == pytest.approx(42.3504, abs=5e-5)


def test_metres_are_read_and_their_system_is_not_guessed(tmp_path):
    rows = "1;776345,12;9225678,90\n2;777345,12;9225678,90\n3;777345,12;9224678,90\n"
    assert table(tmp_path, f"No;X;Y\n{rows}").crs is None
    named = table(tmp_path, f"Koordinat EPSG:32748\nNo;X;Y\n{rows}")
    assert named.crs == CRS.from_epsg(32748)
    assert shapely.get_coordinates(shape_of(named))[0].tolist() == [776345.12, 9225678.9]


HEAD = "No;Bujur;Lintang\n"
REFUSED = {
    "minutes of 61": (HEAD + "1;107° 61' 00\" BT;7° 00' 00\" LS\n", Reason.NUMBER_IMPOSSIBLE),
    "seconds of 60": (HEAD + "1;107° 00' 60\" BT;7° 00' 00\" LS\n", Reason.NUMBER_IMPOSSIBLE),
    "a latitude of 95": (HEAD + "1;107° 00' 00\" BT;95° 00' 00\" LS\n", Reason.NUMBER_IMPOSSIBLE),
    "no hemisphere and no sign": (
        "Bujur;Lintang\n107 30 00;7 00 00\n107 30 24;7 00 00\n107 30 24;7 00 18\n",
        Reason.HEMISPHERE_UNKNOWN,
    ),
    "south of minus": (HEAD + "1;107° 30' 00\" BT;-7° 00' 00\" LS\n", Reason.HEMISPHERE_UNKNOWN),
    "nothing tells the axes apart": ("7.1 30.2\n7.2 31.2\n8.1 31.2\n", Reason.AXES_UNKNOWN),
    "thousands or decimals": ("X;Y\n776.345;922.567\n777.345;922.567\n", Reason.NUMBER_AMBIGUOUS),
    "a letter for a figure": (
        HEAD + "1;107° 30' 00\" BT;7° 00' 00\" LS\n2;107° 30' 2O,4\" BT;7° 00' 00\" LS\n",
        Reason.ROW_UNREADABLE,
    ),
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_or_ambiguous_is_refused_with_its_line(tmp_path, text, reason):
    with pytest.raises(Unfit) as refusal:
        table(tmp_path, text)
    assert refusal.value.reason is reason
    assert str(refusal.value.where).startswith("line ")


def test_a_table_without_vertices_is_empty(tmp_path):
    with pytest.raises(Faulty) as refusal:
        table(tmp_path, "Daftar hadir\nNama;Jabatan\n")
    assert refusal.value.fault is Fault.EMPTY


def test_merged_cells_of_a_workbook_hold_for_all_their_lines(tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(["Lampiran: daftar koordinat"])
    sheet.append(["No.", "Garis Bujur", None, None, None, "Garis Lintang", None, None, None])
    sheet.append([None, "°", "'", '"', "BT", "°", "'", '"', "LU/LS"])
    for number, (east, south) in enumerate([(0, 0), (24.5, 0), (24.5, 18.2), (0, 18.2)], 1):
        first = number == 1
        sheet.append([number, 107, 30, east, "BT" if first else None,
                      7, 0, south, "LS" if first else None])  # fmt: skip
    for area in ("B2:E2", "F2:I2", "E4:E7", "I4:I7", "A2:A3"):
        sheet.merge_cells(area)
    path = tmp_path / "coordinates.xlsx"
    book.save(path)
    ring = shapely.get_coordinates(shape_of(read_workbook(path)))[:-1]
    np.testing.assert_allclose(ring, BANDUNG, rtol=0, atol=1e-15)


thousandths = st.integers(min_value=-179 * 3_600_000, max_value=179 * 3_600_000)


@given(west=thousandths, south=st.integers(-80 * 3_600_000, 80 * 3_600_000),
       steps=st.lists(st.tuples(st.integers(1, 90_000), st.integers(1, 90_000)), min_size=1, max_size=8))  # fmt: skip  # noqa: E501
def test_multiples_of_a_thousandth_of_a_second_come_back_bit_for_bit(
    tmp_path_factory, west, south, steps
):
    """A stair of edges along the graticule, as the rule asks: written, read, written again."""
    x, y, stair = west, south, [(west, south)]
    for east, north in steps:
        stair += [(x + east, y), (x + east, y + north)]
        x, y = x + east, y + north
    stair.append((west, y))
    outline = Polygon([(float(Fraction(a, 3_600_000)), float(Fraction(b, 3_600_000)))
                       for a, b in stair])  # fmt: skip
    boundary = Boundary(shape=outline, crs=LONLAT)
    folder = tmp_path_factory.mktemp("table")
    again = shape_of(table(folder, csv_table(boundary)))
    assert shapely.equals_identical(again, outline)
    assert table_rows(Boundary(shape=again, crs=LONLAT)) == table_rows(boundary)


def test_parts_and_holes_survive_the_workbook(tmp_path):
    hole = [(110.02, -1.02), (110.04, -1.02), (110.04, -1.04), (110.02, -1.02)]
    outline = shapely.MultiPolygon(
        [Polygon(shapely.box(110, -1.1, 110.1, -1).exterior, [hole]), shapely.box(111, -1, 112, 1)]
    )
    write_xlsx(tmp_path / "t.xlsx", Boundary(shape=outline, crs=LONLAT))
    again = shape_of(read_workbook(tmp_path / "t.xlsx"))
    assert shapely.equals(again, outline)
    assert shapely.get_num_interior_rings(shapely.get_parts(again)).tolist() == [1, 0]
