"""Real flights with planted faults; and every problem has its words."""

import re
import tomllib
from pathlib import Path

from geo.crs_readings import Change
from inspection.check.checked import Kind
from inspection.language import Language
from tests.inspection.check.files import (
    ROOT,
    alone,
    asked,
)


def test_the_planted_faults_of_a_real_flight_are_found(test_data: Path) -> None:
    folder = test_data / "drone_meta_agung1"
    answer = asked(folder / "image_metadata.csv", boundary=folder / "aoi.geojson")
    one = alone(answer, "image_metadata.csv")
    found = {problem.code: problem.value for problem in one.problems}
    assert one.kind is Kind.PHOTO_TABLE
    assert found == {
        "photos_unreadable": 1,  # the row of the table itself
        "photos_repeated": 5,  # three duplicates, two renamed copies
        "photos_hemisphere": 1,
        "photos_far_from_permit": 1,
        "photos_position_impossible": 1,
        "photos_not_downwards": 2,  # the horizon, and up
        "photos_of_days": 3,
        "photos_old": found["photos_old"],
    }


def test_every_problem_in_the_code_is_worded_and_no_words_are_left_over() -> None:
    sources = [*(ROOT / "inspection" / "check").glob("*.py")]
    sources += [*(ROOT / "inspection" / "flight_log").glob("*.py")]
    sources += [*(ROOT / "inspection").glob("boundary_*.py")]
    sources += [ROOT / "inspection/exchange/outline.py"]
    sources += [*(ROOT / "inspection/exchange/permits").glob("*.py"), ROOT / "geo/sanity.py"]
    called = re.compile(
        r"\b(?:warning|note|_told)\(\s*(?:\"(\w+)\" if [^\n]+ else )?\"(\w+)\""
        r"|\bFinding\(\s*code=\"(\w+)\""
    )
    used = {
        code
        for path in sources
        for pair in called.findall(path.read_text())
        for code in pair
        if code
    }
    used |= {"photos_far", "photos_far_from_permit"}  # one of two
    used |= {f"reading_{change}" for change in Change} - {"reading_none"}
    for language in Language:
        table = tomllib.loads((ROOT / f"inspection/wording/{language}.toml").read_text("utf-8"))
        assert set(table["hints"]) == used
        assert used - set(table["warnings"]) == set()
