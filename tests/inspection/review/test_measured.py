"""What people outline is measured as the inspection measures; a reviewed report is proven."""

import json
import shutil
from copy import deepcopy
from dataclasses import replace

import pytest
import shapely
from shapely import MultiPolygon

from geo.crs import LONLAT, moved_shape
from geo.errors import RefusedError
from geo.intake.digest import sha256_of
from inspection.accepted import counted_ledger
from inspection.degrees import rings
from inspection.document import Inspection
from inspection.errors import DisprovedError
from inspection.evidence.canonical import canonical_bytes
from inspection.evidence.manifest import write_manifest
from inspection.evidence.verify import is_sound, verify
from inspection.exchange.geojson import findings_geojson
from inspection.language import Language
from inspection.limits import disturbed_check
from inspection.model import Source
from inspection.ports import Unwatched
from inspection.reissue import reissue, reviewed_inspection
from inspection.report.composition import composed
from inspection.report.content import Table
from inspection.report.desk import brief_of
from inspection.report.issue import FULL
from inspection.review.outline import outline_of
from inspection.review.speaking import as_json
from inspection.review_note import REVIEWED
from inspection.schema import from_json
from inspection.standing import PastReport
from inspection.wording.catalogue import wording
from inspection.yardstick import Yardstick
from tests.inspection.jobs.done import made
from tests.inspection.jobs.small import EAST, NORTH, UTM

WHO = {"name": "Sari Ningsih", "role": "reviewer"}
AT = "2026-11-22T04:05:06+00:00"


@pytest.fixture(scope="module")
def document() -> dict:
    return json.loads((made() / "inspection.json").read_bytes())


@pytest.fixture(scope="module")
def yardstick(document) -> Yardstick:
    return Yardstick.of(from_json(document))


def ground(x0, y0, x1, y1) -> MultiPolygon:
    """A rectangle in metres from the upper left corner of the flights, y to the south."""
    box = shapely.box(EAST + x0, NORTH - y1, EAST + x1, NORTH - y0)
    return MultiPolygon([moved_shape(box, source=UTM, target=LONLAT)])


def measured(yardstick, shape):
    return yardstick.values(shape, ground_class="road", epoch="new")


def test_the_outline_of_a_finding_gives_the_finding_s_own_values(document, yardstick):
    (found,) = document["findings"]
    again = as_json(
        yardstick.values(
            outline_of(found["vertices"]), ground_class=found["class"], epoch=found["epoch"]
        )
    )
    assert {name: again[name] for name in again if name != "vertices"} == {
        name: found[name] for name in again if name != "vertices"
    }


def test_ground_lies_where_it_was_drawn(yardstick):
    # The permit is 20..110 by 20..105 m; its line is sure to 5.01 m. UTM shows 1 m as 0.9997.
    scale = 0.9997**-2
    inside = measured(yardstick, ground(40, 40, 70, 60))
    assert (inside.location, inside.distance_outside_m) == ("inside", None)
    assert inside.area_m2 == pytest.approx(600 * scale, rel=1e-3)
    across = measured(yardstick, ground(90, 40, 130, 60))
    assert across.location == "outside"
    assert across.area_inside_m2 == pytest.approx((110 - 5.01 - 90) * 20 * scale, rel=2e-3)
    assert across.area_uncertain_m2 == pytest.approx(10.02 * 20 * scale, rel=2e-3)
    assert across.area_outside_m2 == pytest.approx((130 - 115.01) * 20 * scale, rel=2e-3)
    assert across.distance_outside_m == pytest.approx(20, abs=0.02)
    at_the_line = measured(yardstick, ground(90, 40, 114, 60))
    assert at_the_line.location == "uncertain"


def test_a_plainer_outline_is_no_surer_than_the_one_that_was_measured(yardstick):
    # Teeth of 1 m along 30 m: a measured line, and the plain one that a person draws instead.
    north = [(EAST + 40 + x, NORTH - 40 - x % 2) for x in range(31)]
    south = [(EAST + 70, NORTH - 60), (EAST + 40, NORTH - 60)]
    jagged = moved_shape(shapely.Polygon(north + south), source=UTM, target=LONLAT)
    plain = moved_shape(shapely.Polygon([north[0], north[-1], *south]), source=UTM, target=LONLAT)
    by_itself = measured(yardstick, plain).area_uncertainty_m2
    drawn = yardstick.values(plain, ground_class="road", epoch="new", instead_of=jagged)
    stated = measured(yardstick, jagged).area_uncertainty_m2
    assert by_itself < stated
    assert drawn.area_uncertainty_m2 == stated
    # The other way round it is the new line that is longer.
    finer = yardstick.values(jagged, ground_class="road", epoch="new", instead_of=plain)
    assert finer.area_uncertainty_m2 == stated


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (ground(40, 40, 49, 50), "outline_too_small"),
        (ground(90, 40, 260, 60), "outline_beyond_ground"),
    ],
)
def test_what_cannot_be_measured_is_refused(yardstick, shape, code):
    with pytest.raises(RefusedError) as refused:
        measured(yardstick, shape)
    assert refused.value.code == code


def test_ground_that_two_outlines_share_counts_once(yardstick):
    one, other = ground(40, 40, 60, 60), ground(50, 40, 70, 60)
    areas = yardstick.areas(rings(shape, LONLAT) for shape in (one, other))
    assert areas.inside == pytest.approx(600 * 0.9997**-2 / 1e4, rel=1e-3)
    assert (areas.outside, areas.uncertain) == (0, 0)
    assert yardstick.areas([]).inside == 0


def reviewed_by(yardstick) -> dict:
    edit = as_json(measured(yardstick, ground(45, 45, 65, 65)))
    add = as_json(measured(yardstick, ground(80, 80, 95, 95)))
    word = {"reason_code": None, "note": "", "by": WHO, "at": AT, "words": 1, "values": None}
    return {
        "decision": {
            "outcome": "declined",
            "note": "Tidak sesuai.",
            "by": WHO,
            "at": AT,
            "reviews_sha256": "0" * 64,
        },
        "findings": [
            {"finding": "F001", "outcome": "edited", **word, "values": edit},
            {"finding": "H001", "outcome": "rejected", **word, "reason_code": "shadow"},
        ],
        "added": [{"id": "H001", "note": "by eye", "by": WHO, "at": AT, "values": add}],
    }


@pytest.fixture(scope="module")
def past(document) -> tuple[PastReport, ...]:
    return (
        PastReport(
            version=1,
            inspection=document["id"],
            created_at=document["created_at"],
            captured_at=document["flights"]["current"]["captured_at"],
            sha256=sha256_of(made() / "inspection.json"),
            ledger_ha=document["ledger_ha"],
        ),
    )


@pytest.fixture(scope="module")
def again(yardstick, past, tmp_path_factory):
    """The folder of the report with its decision."""
    out = tmp_path_factory.mktemp("again") / "report"
    asked = REVIEWED.validate_python(reviewed_by(yardstick))
    reissue(made(), asked, past, out=out, progress=Unwatched())
    return out


def test_a_report_with_its_decision_is_proven_and_tells_it_in_both_languages(again):
    assert verify(again).flaws == ()
    document = json.loads((again / "inspection.json").read_bytes())
    assert document["review"]["areas_ha"]["inside"] == pytest.approx(0.0400, rel=1e-2)
    assert "review" not in [step["code"] for step in document["next_steps"]]
    for language, words in (
        (Language.ENGLISH, ("Rejected: shadow.", "result not confirmed", "reviewer")),
        (Language.INDONESIAN, ("Ditolak: bayangan.", "tidak disahkan", "peninjau")),
    ):
        report = composed(brief_of(from_json(document), language), FULL)
        told = json.dumps(report.plain(), ensure_ascii=False)
        for word in (*words, "Sari Ningsih", "Tidak sesuai."):
            assert word in told


def found_at(yardstick, document, name, shape) -> dict:
    """A finding on this ground, as the inspection would state it."""
    return {**document["findings"][0], "id": name, **as_json(measured(yardstick, shape))}


def words_on(**outcomes) -> dict:
    word = {"note": "", "by": WHO, "at": AT, "words": 1, "values": None}
    said = [
        {"finding": name, "outcome": outcome, "reason_code": None, **word}
        for name, outcome in outcomes.items()
    ]
    return {**reviewed_by_nobody(), "findings": said, "added": []}


def reviewed_by_nobody() -> dict:
    decision = {"outcome": "approved", "note": "", "by": WHO, "at": AT}
    return {"decision": {**decision, "reviews_sha256": "0" * 64}}


def test_after_the_review_answers_and_next_steps_are_those_of_what_was_accepted(
    document, yardstick, past
):
    # The line of the permit is at 110 m and sure to 5.01 m; UTM shows 1 m as 0.9997.
    scale = 0.9997**-2 / 1e4
    near, far = ground(100, 40, 125, 60), ground(100, 70, 130, 90)
    read = deepcopy(document)
    read["findings"] += [
        found_at(yardstick, document, "F002", near),
        found_at(yardstick, document, "F003", far),
    ]
    inside = read["findings"][0]["area_m2"] / 1e4
    allowed = inside + 300 * scale  # two of the findings reach 10 m into the permit, 20 m wide
    words = wording(Language(document["language"]))
    # The ledger counts by pixels, and what is too small for a finding: here 50 m2 more.
    check = disturbed_check(
        allowed, inside + 450 * scale, uncertainty=0.0, missing=0.0, wording=words
    )
    assert check.verdict == "fail"
    read = replace(from_json(read), limits=[check])
    source = Source(role="reviewed_report", name="inspection.json", sha256=past[0].sha256, size=1)

    def answered(**outcomes) -> Inspection:
        asked = REVIEWED.validate_python(words_on(**outcomes))
        return reviewed_inspection(read, source, asked, past)

    every = dict.fromkeys(("F001", "F002", "F003"), "accepted")
    untouched = answered(**every)
    assert untouched.answers == read.answers
    assert untouched.limits == read.limits

    told = answered(**(every | {"F003": "rejected"}))
    outside = told.answers.outside
    assert outside.verdict == "fail"
    assert outside.value == pytest.approx((125 - 115.01) * 20 * scale, rel=2e-3)
    assert outside.said[0].facts["count"] == 1
    assert outside.said[0].facts["distance"] == pytest.approx(15, abs=0.02)
    (limit,) = told.limits
    assert limit.value == pytest.approx(inside + 250 * scale, abs=2e-5)
    steps = {one.code: one for one in told.next_steps}
    assert steps["visit_outside"].said.facts == {"outside": 1}
    assert "review" not in steps
    # What was measured stays, and the numbers of page one are those of what counts.
    assert (told.findings, told.ledger_ha) == (read.findings, read.ledger_ha)
    page_one = composed(brief_of(told, Language.ENGLISH), FULL).sections[0]
    (numbers,) = [block for block in page_one.blocks if isinstance(block, Table)]
    assert numbers.rows[0][:2] == ["newly disturbed", "2"]

    none = answered(**dict.fromkeys(every, "rejected"))
    assert (none.answers.outside.verdict, none.answers.outside.value) == ("pass", 0)
    assert (none.answers.limits.verdict, none.limits[0].value) == (
        "pass",
        pytest.approx(50 * scale, abs=1e-4),
    )
    assert {"visit_outside", "compare_limits"}.isdisjoint(one.code for one in none.next_steps)


@pytest.mark.parametrize(
    "forge",
    [
        lambda d: d["review"]["decision"].update(outcome="approved"),
        lambda d: d["review"]["decision"].update(at="2026-11-23T00:00:00+00:00"),
        lambda d: d["review"]["counts"].update(rejected=0),
        lambda d: d["review"]["counts"].update(added=2),
        lambda d: d["review"]["areas_ha"].update(inside=0.2),
        lambda d: d["review"]["findings"][1].update(outcome="accepted"),
        lambda d: d["review"]["findings"][0].update(values=None),
        lambda d: d["review"]["findings"].reverse(),
        lambda d: d["review"]["of"].update(version=3),
        lambda d: d["review"]["of"].update(sha256="0" * 64),
        lambda d: d["record"].update(state="unreviewed"),
        lambda d: d.update(review=None),
    ],
    ids=range(12),
)
def test_a_review_that_is_changed_with_all_hashes_contradicts_itself(again, forge, tmp_path):
    folder = tmp_path / "forged"
    shutil.copytree(again, folder)
    document = json.loads((again / "inspection.json").read_bytes())
    forge(document)
    (folder / "inspection.json").write_bytes(canonical_bytes(document))
    (folder / "manifest.json").unlink()
    write_manifest(
        folder,
        inspection_id=document["id"],
        created_at=document["created_at"],
        inputs=[
            Source(**{name: one[name] for name in ("role", "name", "sha256", "size")})
            for one in document["sources"]
        ],
        parameters=document["parameters"],
        software=document["software"],
    )
    (flaw,) = verify(folder).flaws
    assert flaw.code == "evidence_disagrees"


@pytest.mark.parametrize(
    "forge",
    [
        lambda d: d["review"]["findings"].reverse(),
        lambda d: d.update(review=None),
        lambda d: d["sources"].pop(),
    ],
    ids=("order", "review", "source"),
)
def test_a_document_alone_shows_that_its_review_was_changed(again, forge):
    document = json.loads((again / "inspection.json").read_bytes())
    assert is_sound(document)
    forge(document)
    assert not is_sound(document)


def test_an_outcome_changed_in_the_features_alone_is_found(again, tmp_path):
    folder = tmp_path / "forged"
    shutil.copytree(again, folder)
    features = json.loads((folder / "findings.geojson").read_bytes())
    features["features"][1]["properties"]["outcome"] = "accepted"
    (folder / "findings.geojson").write_bytes(canonical_bytes(features))
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for one in manifest["outputs"]:
        path = folder / one["path"]
        one.update(sha256=sha256_of(path), size=path.stat().st_size)
    (folder / "manifest.json").write_bytes(canonical_bytes(manifest))
    (flaw,) = verify(folder).flaws
    assert (flaw.code, flaw.file) == ("evidence_disagrees", "findings.geojson")


def test_a_report_that_is_not_intact_or_not_on_the_record_is_not_written_again(
    yardstick, past, tmp_path
):
    asked = REVIEWED.validate_python(reviewed_by(yardstick))
    damaged = tmp_path / "damaged"
    shutil.copytree(made(), damaged)
    with (damaged / "change.tif").open("r+b") as file:
        file.write(b"\0")
    with pytest.raises(DisprovedError) as disproved:
        reissue(damaged, asked, past, out=tmp_path / "one", progress=Unwatched())
    assert (disproved.value.code, disproved.value.where) == ("report_not_intact", "change.tif")
    foreign = (replace(past[0], sha256="0" * 64),)
    with pytest.raises(RefusedError) as refused:
        reissue(made(), asked, foreign, out=tmp_path / "two", progress=Unwatched())
    assert refused.value.code == "report_not_on_record"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["damaged"]


def test_the_layer_of_what_counts_has_the_values_that_count(again):
    geopandas = pytest.importorskip("geopandas")
    counted = geopandas.read_file(again / "inspection.gpkg", layer="reviewed")
    assert list(counted["id"]) == ["F001"]
    assert list(counted["class"]) == ["road"]
    assert counted["area_m2"][0] == pytest.approx(400, rel=1e-2)
    assert counted.geometry.area[0] == pytest.approx(400, rel=1e-2)
    own = geopandas.read_file(again / "inspection.gpkg", layer="findings")
    assert list(own["outcome"]) == ["edited"]
    assert own["area_m2"][0] > 800


def test_features_of_what_nobody_reviewed_name_no_outcome(document):
    plain = deepcopy(document)
    (feature,) = findings_geojson(plain)["features"]
    assert "outcome" not in feature["properties"]


def test_ground_that_is_no_finding_stays_counted_in_the_ledger(document):
    """The ledger counts by pixels, and what is too small for a finding: here 50 m2 more."""
    read = from_json(document)
    more = replace(read.ledger_ha, new=read.ledger_ha.new + 0.005)
    read = replace(read, ledger_ha=more)
    (one,) = (finding for finding in read.findings if finding.epoch == "new")
    inside = (one.area_m2 - one.area_outside_m2) / 1e4
    counted = counted_ledger(read, REVIEWED.validate_python(words_on(**{one.id: "rejected"})))
    assert counted["new"] == pytest.approx(more.new - inside, abs=2e-5)
    assert counted["new"] > 0.004
    moved = more.new - counted["new"]
    assert counted["undisturbed"] == pytest.approx(more.undisturbed + moved, abs=1e-5)
