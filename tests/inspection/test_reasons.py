"""What speaks for and against a finding is said from what was measured, and with its number."""

import json
import math
from datetime import date

import pytest
import shapely

from geo.disturbance import Disturbance, Epoch, GroundClass
from geo.sun import SunPosition
from inspection.circumstances import Circumstances, Sunlit
from inspection.language import Language
from inspection.profiles.doubt_rules import DoubtRules
from inspection.reasons import KNOWN_COVERS, doubts, reasons
from inspection.review.retelling import said_again
from inspection.schema import from_json
from inspection.wording.catalogue import wording
from tests.inspection.conftest import NEW_CLEARING, inspect_site

MORNING = SunPosition(azimuth_deg=90.0, elevation_deg=25.0)
EVENING = SunPosition(azimuth_deg=270.0, elevation_deg=50.0)
NOON = SunPosition(azimuth_deg=10.0, elevation_deg=80.0)
EARLIER, LATER = date(2025, 8, 12), date(2026, 10, 3)


def found(epoch=Epoch.NEW, ground_class=GroundClass.VEGETATION_CLEARING, **evidence):
    """A sturdy finding of 1 ha about which nothing is doubtful, but for the evidence given."""
    return Disturbance(
        shape=shapely.box(0, 0, 100, 100),
        ground_class=ground_class,
        epoch=epoch,
        strength=0.8,
        sturdy=True,
        evidence={"roughness_after": 5.0, "width_m": 60.0, **evidence},
    )


def around(*, suns=(None, None), days=(EARLIER, date(2026, 8, 20)), **more):
    sunlit = [
        Sunlit(day=day, sun=sun) if sun else None for day, sun in zip(days, suns, strict=True)
    ]
    holds = {"registration_verified": True, "residual_m": 0.1, "smallest_m2": 100.0, **more}
    return Circumstances(rules=DoubtRules(), days=days, sunlit=tuple(sunlit), **holds)


def doubted(finding, circumstances=None, **near):
    """Doubts by name with their facts; each can be said in every language."""
    said = doubts(finding, near, circumstances or around(), wording(Language.ENGLISH))
    for language in Language:
        assert all(wording(language).sentence(one) for one in said)
    return {one.key.removeprefix("doubts."): one.facts for one in said}


def believed(finding):
    said = reasons(finding, wording(Language.ENGLISH))
    for language in Language:
        assert all(wording(language).sentence(one) for one in said)
    return {one.key.removeprefix("reasons."): one.facts for one in said}


def test_a_finding_in_good_light_far_from_everything_is_not_doubted():
    far = {"edge_distance_m": 80.0, "water_distance_m": 60.0, "residual_near_m": 0.1}
    assert doubted(found(), around(suns=(NOON, NOON)), ties_near=4.0, **far) == {}


def test_shadows_that_turned_are_a_doubt_with_both_suns():
    turned = around(suns=(MORNING, EVENING))
    facts = doubted(found(), turned)["sun_turned"]
    assert (facts["azimuth_then"], facts["elevation_then"]) == (90.0, 25.0)
    assert (facts["azimuth_now"], facts["elevation_now"]) == (270.0, 50.0)
    # Their shadows fall to opposite sides: cot 25 + cot 50 = 2.98 heights apart.
    assert facts["moved"] == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("suns", "share", "expected"),
    [
        ((MORNING, EVENING), 0.0, {"sun_turned"}),  # the sun was low
        ((EVENING, SunPosition(azimuth_deg=90.0, elevation_deg=50.0)), 0.0, set()),
        (
            (EVENING, SunPosition(azimuth_deg=90.0, elevation_deg=50.0)),
            0.2,
            {"sun_turned", "shadow_part"},
        ),
        ((MORNING, MORNING), 0.0, {"sun_low"}),  # low, but on the same side
        ((NOON, NOON), 0.2, {"shadow_part"}),
        ((None, EVENING), 0.2, {"shadow_part"}),  # no zone: nothing is said of the sun
        ((None, None), 0.0, set()),
        ((SunPosition(azimuth_deg=0.0, elevation_deg=-20.0), NOON), 0.0, set()),
    ],
)
def test_light_is_doubted_where_it_can_have_made_a_difference(suns, share, expected):
    assert set(doubted(found(shadow_share=share), around(suns=suns))) == expected


def test_standing_ground_is_doubted_by_the_light_of_its_own_flight_alone():
    standing = found(Epoch.STANDING, GroundClass.ROAD)
    assert set(doubted(standing, around(suns=(MORNING, NOON)))) == set()
    low = doubted(standing, around(suns=(NOON, MORNING), days=(EARLIER, LATER)))
    assert low == {"sun_low": {"elevation": 25.0, "day": "2026-10-03"}}


@pytest.mark.parametrize(
    ("earlier", "later", "days"),
    [
        (date(2025, 8, 12), date(2026, 10, 3), 51.75),
        (date(2025, 12, 20), date(2026, 1, 10), None),
        (date(2025, 1, 10), date(2026, 12, 1), 40.5),  # the short way around the year
        (date(2020, 1, 1), date(2026, 7, 1), 181.5),
    ],
)
def test_the_season_is_told_by_the_days_of_the_year_between(earlier, later, days):
    told = doubted(found(), around(days=(earlier, later)))
    apart = around(days=(earlier, later)).season_days
    assert apart == pytest.approx(days if days is not None else 21.0, abs=0.5)
    assert ("season_gap" in told) == (apart > 45)
    if "season_gap" in told:
        assert told["season_gap"]["days"] == pytest.approx(apart)
        assert told["season_gap"]["earlier"] == earlier.isoformat()


def test_a_season_is_no_doubt_of_ground_that_stands_nor_where_a_day_is_unknown():
    apart = (EARLIER, LATER)
    assert doubted(found(Epoch.STANDING, GroundClass.ROAD), around(days=apart)) == {}
    assert around(days=(None, LATER)).season_days is None


def test_what_is_narrow_against_the_residual_there_is_doubted_by_it():
    narrow = found(ground_class=GroundClass.ROAD, width_m=2.0)
    there = doubted(narrow, residual_near_m=0.6, ties_near=4.0)
    assert there == {"narrow_there": {"width": 2.0, "residual": 0.6, "ties": 4}}
    assert doubted(narrow, residual_near_m=0.1, ties_near=4.0) == {}
    on_the_whole = doubted(narrow, around(residual_m=0.7))
    assert on_the_whole == {"narrow": {"width": 2.0, "residual": 0.7}}
    well = doubted(narrow, around(residual_m=0.7), residual_near_m=0.1, ties_near=4.0)
    assert well == {}, "where ties are near, they count"


@pytest.mark.parametrize(
    ("near", "expected"),
    [
        ({"edge_distance_m": 0.0}, {"edge": {}}),
        ({"edge_distance_m": 4.5}, {"edge_near": {"distance": 4.5}}),
        ({"edge_distance_m": 5.5}, {}),
        ({"water_distance_m": 0.0}, {"water_beside": {}}),
        ({"water_distance_m": 3.0}, {"water_near": {"distance": 3.0}}),
        ({"water_distance_m": 6.0}, {}),
    ],
)
def test_edges_and_water_near_by_are_told_with_their_distance(near, expected):
    assert doubted(found(), **near) == expected


def test_what_is_as_smooth_as_water_may_be_turbid_water():
    smooth = {"roughness_after": 1.0}
    assert "turbid" in doubted(found(**smooth), water_distance_m=1.0)
    assert "turbid" not in doubted(found(**smooth), water_distance_m=60.0)
    assert "turbid" in doubted(found(Epoch.STANDING, **smooth))
    assert set(doubted(found(ground_class=GroundClass.WATER, **smooth))) == {"water"}


def test_scores_are_told_on_their_scale():
    told = believed(found(change_score=0.71, differing_score=0.875))
    assert told["scored"] == {"score": 71.0, "least": 50.0}
    assert told["distance"] == {"times": 3.0}, "1 - 2^-3"
    assert "scored" not in believed(found(change_score=0.49, differing_score=0.875))
    by_colour = believed(found(change_score=0.75))
    assert "scored" not in by_colour
    assert by_colour["distance"] == {"times": 2.0}
    assert math.isfinite(believed(found(change_score=1.0))["distance"]["times"])


def test_a_score_that_colour_does_not_bear_out_is_doubted():
    alone = found(change_score=0.6, differing_score=0.3)
    assert "distance" not in believed(alone)
    assert set(doubted(alone)) == {"alike"}


@pytest.mark.parametrize("cover", KNOWN_COVERS)
def test_what_a_detector_takes_it_for_speaks_for_or_against(cover):
    clearing = found(**{f"said_{cover}": 0.7})
    agrees = cover in ("bare", "road", "stockpile")
    assert (f"said_{cover}" in believed(clearing)) == agrees
    assert doubted(clearing) == ({} if agrees else {f"said_{cover}": {"share": 0.7}})


def test_of_what_a_detector_says_little_nothing_is_said():
    unsure = found(said_bare=0.4, said_water=0.2)
    assert set(believed(unsure)) == {"new.vegetation_clearing", "sturdy"}
    assert doubted(unsure) == {}
    grown = found(Epoch.RECOVERED, GroundClass.BARE_GROUND, said_vegetation=0.9)
    assert "said_vegetation" in believed(grown)


@pytest.fixture(scope="module")
def lit(site, tmp_path_factory):
    """The small site, flown in the evening and, the year before, in the morning."""
    home = tmp_path_factory.mktemp("lit")
    times = {"flight-log": "2026-10-03T16:50:00", "baseline-flight-log": "2025-08-12T07:20:00"}
    words = []
    for option, start in times.items():
        log = {"form": "tinjau.flight-log/1", "capture": {"start": start, "zone": "WITA"}}
        (home / f"{option}.json").write_text(json.dumps(log))
        words += [f"--{option}", home / f"{option}.json"]
    done = inspect_site(site, *words, records=home / "records", out=home / "out")
    assert done.returncode == 0, done.stderr
    return home / "out", json.loads((home / "out" / "inspection.json").read_bytes())


def clearing(document):
    centre = NEW_CLEARING.area
    return min(document["findings"], key=lambda one: abs(one["area_m2"] - centre))


def test_an_inspection_states_both_suns_and_doubts_by_them(lit):
    folder, document = lit
    now, then = (document["flights"][role]["sun"] for role in ("current", "baseline"))
    # By PyEphem 4.2.1 over 115.497 E, 3.499 S.
    assert now["azimuth_deg"] == pytest.approx(266.96, abs=0.05)
    assert now["elevation_deg"] == pytest.approx(19.44, abs=0.05)
    assert then["azimuth_deg"] == pytest.approx(73.80, abs=0.05)
    assert then["elevation_deg"] == pytest.approx(12.77, abs=0.05)
    said = {one["key"]: one["facts"] for one in clearing(document)["may_be_false_because_said"]}
    turned = said["doubts.sun_turned"]
    assert turned["azimuth_now"] == pytest.approx(now["azimuth_deg"], abs=0.01)
    assert turned["elevation_then"] == pytest.approx(then["elevation_deg"], abs=0.01)
    assert said["doubts.season_gap"]["days"] == pytest.approx(51.75)
    page = (folder / "report.html").read_text("utf-8")
    assert "azimuth 267°" in page


def test_an_inspection_measures_how_far_findings_lie_from_unseen_ground(lit):
    """Of the clearing a corner touches the block of the picture that shows nothing."""
    one = clearing(lit[1])
    assert one["evidence"]["edge_distance_m"] == pytest.approx(0.0, abs=0.8)
    said = {said["key"] for said in one["may_be_false_because_said"]}
    assert said & {"doubts.edge", "doubts.edge_near"}


def test_without_a_time_zone_nothing_is_said_of_the_sun(inspected):
    assert inspected.document["flights"]["current"]["sun"] is None
    assert inspected.document["flights"]["current"]["captured_at"] is not None
    for one in inspected.document["findings"]:
        assert not any("sun" in said["key"] for said in one["may_be_false_because_said"])
    page = (inspected.folder / "report.html").read_text("utf-8")
    assert "no time of capture with a time zone is stated" in page


def test_pages_tell_it_in_the_language_of_whoever_reads(lit):
    told = said_again(from_json(lit[1]), wording(Language.INDONESIAN))
    words = told.findings[clearing(lit[1])["id"]]
    every = [*words.reasons, *words.may_be_false_because]
    assert {one.language for one in every} == {Language.INDONESIAN}
    assert any("azimut 267°" in one.text for one in every)
