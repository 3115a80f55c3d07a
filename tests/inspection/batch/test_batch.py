"""A batch by its table: what runs, what it leaves, and what happens when anything is killed."""

import json

import geopandas as gpd
import openpyxl
import pyogrio
import pytest

from geo.area import area_m2
from tests.inspection.batch.conftest import NEIGHBOUR, is_alive, kill, until
from tests.inspection.conftest import ACROSS, UTM

HEAD = "boundary,current,kabupaten"


def test_one_bad_row_stops_no_other_and_all_is_gathered(office):
    rows = [
        f"west.geojson,{office.flight('a.tif')},Maros",
        f"far.geojson,{office.flight('b.tif', 'refuse')},Gowa",
        "far.geojson,nowhere.tif,",
        f"east.geojson,{office.flight('c.tif')},=1+1",
    ]
    done = office.run(office.table(HEAD, *rows), "--workers", 2, "--memory", "2G", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["rows"], answer["states"]) == (4, {"done": 2, "refused": 2})
    assert answer["codes"] == {"image_unreadable": 1, "batch_file_missing": 1}
    told = office.rows()
    assert [told[n]["state"] for n in (2, 3, 4, 5)] == ["done", "refused", "refused", "done"]
    assert told[3]["code"] == "image_unreadable"
    assert told[4]["code"] == "batch_file_missing"
    assert "nowhere.tif" in told[4]["message"]
    assert told[4]["hint"]
    assert told[4]["permit"] == "far", "by its outline, where no permit is named"
    assert (told[2]["kabupaten"], told[5]["kabupaten"]) == ("Maros", "'=1+1")
    assert (told[2]["outside"], told[2]["place"]) == ("fail", "uncertain")
    assert float(told[2]["permit_ha"]) > 0
    assert float(told[2]["seconds"]) > 0
    assert (office.out / told[2]["folder"] / "inspection.json").is_file()
    sheet = openpyxl.load_workbook(office.out / "batch.xlsx").worksheets[0]
    heading, *lines = sheet.iter_rows(values_only=True)
    book = {line[0]: dict(zip(heading, line, strict=True)) for line in lines}
    assert list(heading) == list(told[2])
    assert book[2]["permit_ha"] == float(told[2]["permit_ha"]), "a number, and no text of one"
    assert (book[5]["kabupaten"], book[4]["kabupaten"], book[4]["new_ha"]) == ("=1+1", None, None)
    findings = gpd.read_parquet(office.out / "batch.parquet")
    assert set(findings["permit"]) == {"WEST"}
    assert set(findings["permit_holder"]) == {"PT Contoh <b>& Rekan"}
    assert set(findings["table_kabupaten"]) == {"Maros"}
    assert set(findings["folder"]) == {told[2]["folder"]}
    layers = dict(pyogrio.list_layers(office.out / "batch.gpkg"))
    assert layers.keys() == {"findings", "permits", "carried", "layer_styles"}
    assert len(gpd.read_file(office.out / "batch.gpkg", layer="findings")) == len(findings)
    permits = gpd.read_file(office.out / "batch.gpkg", layer="permits")
    assert permits["folder"][0] == told[2]["folder"]
    assert dict(zip(permits["row"], permits["state"], strict=True)) == {
        2: "done",
        3: "refused",
        5: "done",
    }
    assert (office.out / "overview.pdf").read_bytes().startswith(b"%PDF")

    # What was seen in the ring of one lies in the other, less the gap between them.
    (carried,) = gpd.read_file(office.out / "batch.gpkg", layer="carried").itertuples()
    assert (carried.permit, carried.from_permit, carried.row) == ("EAST", "WEST", 5)
    shared = area_m2(ACROSS.intersection(NEIGHBOUR), UTM)
    assert carried.area_m2 == pytest.approx(shared, rel=0.1)
    assert told[5]["carried_from"] == "WEST"
    assert float(told[5]["carried_in_ha"]) == pytest.approx(carried.area_m2 / 1e4, abs=1e-6)
    assert told[2]["carried_in"] == ""
    own = findings[findings["neighbour"].notna()]
    assert list(own["neighbour"]) == ["EAST"]


def test_a_batch_that_is_killed_goes_on_and_repeats_no_finished_row(office):
    rows = [f"{name}.geojson,{office.flight(f'{name}.tif')}" for name in ("west", "east")]
    rows.append(f"far.geojson,{office.flight('slow.tif', 'wait')}")
    table = office.table("boundary,current", *rows)
    stopped = office.begin(table)
    until((office.folder / "child").exists)
    stopped.terminate()
    said = stopped.communicate(timeout=60)[1]
    assert stopped.returncode == 1
    assert json.loads(said.splitlines()[-1])["code"] == "interrupted"
    child = int((office.folder / "child").read_text())
    until(lambda: not is_alive(child))
    (office.folder / "child").unlink()

    batch = office.begin(table)
    until((office.folder / "child").exists)
    other = office.run(table)
    assert other.returncode == 1
    assert json.loads(other.stderr.splitlines()[-1])["code"] == "batch_running"
    kill(batch)
    child = int((office.folder / "child").read_text())
    until(lambda: not is_alive(child))
    assert not (office.out / "batch.csv").exists()
    (office.folder / "go").touch()
    # A row whose result appeared, but not the word on it, counts as done.
    (state,) = [
        one
        for one in (office.out / "state").iterdir()
        if "east" in json.loads(one.read_text())["result"]
    ]
    state.unlink()
    done = office.run(table, "--quiet")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert office.begun() == {"west": 1, "east": 1, "slow": 3}
    assert [one["state"] for one in office.rows().values()] == ["done"] * 3
    first = (office.out / "batch.csv").read_bytes()
    assert office.run(table, "--quiet").returncode == 0
    assert office.begun().total() == 5
    assert (office.out / "batch.csv").read_bytes() == first
    assert [one.name for one in (office.out / "work").iterdir()] == ["lock"]

    # A row whose flight became another is run anew, and only that one.
    office.flight("west.tif", "whole again")
    assert office.run(table, "--quiet").returncode == 0
    assert office.begun() == {"west": 2, "east": 1, "slow": 3}


def test_a_row_that_kills_its_process_each_time_is_told_and_tried_again_when_asked(office):
    rows = [
        f"west.geojson,{office.flight('poison.tif', 'die')}",
        f"far.geojson,{office.flight('bad.tif', 'refuse')}",
        f"east.geojson,{office.flight('good.tif')}",
    ]
    table = office.table("boundary,current", *rows)
    assert office.run(table, "--workers", 3).returncode == 0
    told = office.rows()
    assert [one["state"] for one in told.values()] == ["failed", "refused", "done"]
    assert (told[2]["code"], told[2]["tries"]) == ("batch_row_died", "2")
    assert "SIGKILL" in told[2]["message"]
    assert office.begun() == {"poison": 2, "bad": 1, "good": 1}
    assert office.run(table).returncode == 0
    assert office.begun().total() == 4
    assert office.run(table, "--retry").returncode == 0
    assert office.begun() == {"poison": 4, "bad": 2, "good": 1}


def test_rows_stay_within_the_budget_and_a_large_one_runs_alone(office):
    rows = [
        f"west.geojson,{office.flight('large.tif', 'grow 1000')}",
        f"east.geojson,{office.flight('small.tif', 'grow 100')}",
        f"far.geojson,{office.flight('huge.tif', 'grow 2000')}",
    ]
    table = office.table("boundary,current", *rows)
    done = office.run(table, "--workers", 2, "--memory", "1.6G")
    assert done.returncode == 0, done.stderr
    told = office.rows()
    assert [one["state"] for one in told.values()] == ["done", "done", "failed"]
    assert told[4]["code"] == "batch_row_memory"
    assert 900 < int(told[2]["peak_mb"]) < 1638
    assert office.begun() == {"large": 2, "small": 1, "huge": 2}


@pytest.mark.parametrize(("head", "named"), [("", ""), ("permit,", "503/001,")])
def test_new_rules_are_held_against_what_is_published_and_publish_nothing(office, head, named):
    (office.folder / "strict.toml").write_text('extends = "generic"\nname = "strict"\n')
    table = office.table(f"{head}boundary,current", f"{named}west.geojson,{office.flight('a.tif')}")
    rules = ("--dry-run", "--profile", office.folder / "strict.toml", "--json")
    early = office.run(table, *rules)
    assert early.returncode == 2
    assert json.loads(early.stderr)["code"] == "batch_nothing_published"
    assert office.run(table).returncode == 0
    before = {path: path.read_bytes() for path in office.out.iterdir() if path.is_file()}
    done = office.run(table, *rules, "--language", "id")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    (change,) = answer["changes"]
    assert (change["permit"], change["question"]) == ("WEST", "observed")
    assert (change["before"], change["after"]) == ("pass", "fail")
    assert {path: path.read_bytes() for path in before} == before
    assert list((office.out / "rows").iterdir()) == [
        office.out / "rows" / office.rows()[2]["folder"][5:]
    ]
    (listed,) = office.out.glob("what-if/strict-*/what-if.csv")
    assert "2,WEST,observed,pass,fail," in listed.read_text()


def test_no_other_table_replaces_results_and_the_same_one_mended_goes_on(office):
    head = "boundary,current"
    bad, west = "far.geojson,nowhere.tif", f"west.geojson,{office.flight('a.tif')}"
    east = f"east.geojson,{office.flight('b.tif')}"
    # Where nothing was inspected there is nothing to lose.
    assert office.run(office.table(head, bad)).returncode == 0
    assert office.run(office.table(head, west, bad, name="first.csv")).returncode == 0
    before = {path: path.read_bytes() for path in office.out.rglob("*") if path.is_file()}
    for name in ("first.csv", "second.csv"):
        other = office.run(office.table(head, east, name=name), "--quiet")
        assert other.returncode == 2
        told = json.loads(other.stderr)
        assert told["code"] == "batch_of_another_table"
        assert "first.csv" in told["message"]
        assert "--out" in told["hint"]
    some = office.run(office.table(head, west, east, name="second.csv"), "--quiet")
    assert json.loads(some.stderr)["code"] == "batch_of_another_table"
    assert {path: path.read_bytes() for path in before} == before

    mended = f"far.geojson,{office.flight('c.tif')}"
    assert office.run(office.table(head, west, mended, east, name="first.csv")).returncode == 0
    assert [one["state"] for one in office.rows().values()] == ["done"] * 3
    # A file that is renamed, or its rows in another order, is the same table.
    assert office.run(office.table(head, east, mended, west, name="new.csv")).returncode == 0
    assert office.begun() == {"a": 1, "b": 1, "c": 1}


def test_a_row_without_an_earlier_flight_is_done_and_says_so(office):
    table = office.table(
        "batas,terkini,acuan", f"west.geojson,{office.flight('a.tif')},auto", "far.geojson,x.tif,"
    )
    done = office.run(table)
    assert done.returncode == 0, done.stderr
    row, bad = office.rows().values()
    assert (row["state"], row["code"]) == ("done", "batch_no_earlier_flight")
    assert row["message"]
    assert "acuan" in row["hint"]
    assert "column terkini" in bad["message"]
    assert "batch_no_earlier_flight" in done.stdout
