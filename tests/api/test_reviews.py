"""Findings reviewed and decided over HTTP, and the report that a real worker writes again."""

import hashlib
import io
import json
import subprocess
import sys
import threading
import time
import zipfile
from types import SimpleNamespace

import pytest

from inspection.access.rights import Action
from inspection.evidence.verify import verify
from inspection.records.tables.offices import Role
from tests.inspection.jobs.done import made, put
from tests.inspection.jobs.small import outline, write_all

MOST_S = 180
METRE = 1 / 111_000


@pytest.fixture
def done(service) -> str:
    """The address of a finished inspection that a colleague submitted."""
    run = service.inspection("here")
    here = service.offices["here"]
    put(service.records, service.app.state.objects, here, run, name=service.next("TJ-"))
    return f"/api/v1/inspections/{run}"


@pytest.fixture
def reviewer(service):
    with service.as_role(Role.REVIEWER) as client:
        yield client


def square(west_m, south_m, side_m, *, closed=True) -> dict:
    """Ground by its place from the permit's corner in the south-west, near enough."""
    west, south, *_ = outline().bounds
    x, y, side = west + west_m * METRE, south + south_m * METRE, side_m * METRE
    ring = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    return {"type": "Polygon", "coordinates": [ring if closed else ring[:-1]]}


def wait_for(client, address, happened, working) -> dict:
    until = time.monotonic() + MOST_S
    while not happened(now := client.get(address).json()):
        assert working.poll() is None
        assert time.monotonic() < until, str(now)
        time.sleep(0.3)
    return now


def unpacked(client, report_id, folder):
    answer = client.get(f"/api/v1/reports/{report_id}/bundle")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        archive.extractall(folder)
    (inside,) = folder.iterdir()
    return inside


def submitted(service, client, files) -> str:
    """The address of an inspection that somebody asks for."""
    current, baseline = (
        service.upload("here", (files / name).read_bytes(), name=name)
        for name in ("current.tif", "baseline.tif")
    )
    asked = {
        "permit_id": str(service.permit("here", outline())),
        "language": "id",
        "current": {"orthophoto": str(current)},
        "baseline": {"orthophoto": str(baseline)},
    }
    return client.post("/api/v1/inspections", json=asked).headers["location"]


def review(client, address) -> dict:
    """Reject and then edit the finding, and add one; gives where that stands."""
    (finding,) = client.get(f"{address}/findings").json()["items"]
    about = f"/api/v1/findings/{finding['id']}/reviews"
    by_hand = {
        "outline": square(60, 60, 12),
        "ground_class": "road",
        "epoch": "standing",
        "note": "jalan lama, tampak jelas",
    }
    edit = {"outcome": "edited", "outline": square(30, 30, 20), "note": "<b>batas</b> lebih sempit"}
    said = [
        client.post(about, json={"outcome": "rejected", "reason_code": "shadow"}),
        client.post(about, json=edit),
        client.post(f"{address}/findings", json=by_hand),
        client.post(f"{address}/findings", json={**by_hand, "outline": square(66, 60, 12)}),
    ]
    assert [one.status_code for one in said] == [201, 201, 201, 201]
    history = client.get(about).json()["items"]
    assert [(one["sequence"], one["outcome"]) for one in history] == [
        (2, "edited"),
        (1, "rejected"),
    ]
    assert {one["by"]["role"] for one in history} == {"reviewer"}
    assert all(one["by"]["name"] for one in history)
    return client.get(address).json()["standing"]


def refusals(client, address, decided) -> list[tuple[int, str]]:
    """What is answered to a word and to a decision."""
    finding = client.get(f"{address}/findings").json()["items"][0]["id"]
    asked = {
        f"/api/v1/findings/{finding}/reviews": {"outcome": "accepted"},
        f"{address}/decisions": decided,
    }
    told = [client.post(path, json=body) for path, body in asked.items()]
    return [(one.status_code, one.json()["code"]) for one in told]


def test_from_a_flight_to_the_report_that_says_what_people_decided(
    service, working, reviewer, tmp_path
):
    write_all(tmp_path)
    both = service.person("here", Role.INSPECTOR, Role.REVIEWER)
    with service.signed_in("here", both.id) as submitter:
        address = submitted(service, submitter, tmp_path)
        assert submitter.get(address).json()["standing"] is None
        now = wait_for(submitter, address, lambda now: now["state"] == "done", working)
        early = {"outcome": "approved", "reviews_sha256": now["standing"]["reviews_sha256"]}
        assert refusals(submitter, address, early) == [(403, "own_submission")] * 2
    queue = reviewer.get("/api/v1/inspections", params={"review": "open"}).json()["items"]
    assert now["id"] in [one["id"] for one in queue]
    refused = reviewer.post(f"{address}/decisions", json=early).json()
    assert (refused["code"], "1" in refused["title"]) == ("findings_open", True)

    standing = review(reviewer, address)
    counted = [standing[name] for name in ("open", "accepted", "rejected", "edited", "added")]
    assert counted == [0, 2, 0, 1, 2]
    refused = reviewer.post(f"{address}/decisions", json=early)
    assert (refused.status_code, refused.json()["code"]) == (409, "reviews_changed")
    ground = reviewer.get(f"{address}/ground").json()
    assert ground["reviews_sha256"] == standing["reviews_sha256"]
    steps = [reviewer.get(f"{address}/words").json()["next_steps"]]
    decided = {"outcome": "approved", "reviews_sha256": standing["reviews_sha256"], "attach": True}
    refuse_to_attach_for_a_program_that_may_only_decide(service, address, decided)
    answer = reviewer.post(f"{address}/decisions", json=decided)
    assert (answer.status_code, answer.json()["reissue"]) == (201, "waiting")
    assert answer.json()["attach"]
    assert refusals(reviewer, address, decided) == [(409, "review_closed")] * 2
    now = wait_for(
        reviewer, address, lambda now: now["standing"]["decision"]["reissue"] == "done", working
    )
    assert (now["review"], now["standing"]["state"]) == ("approved", "approved")
    report = now["standing"]["report_id"]
    assert report == now["standing"]["decision"]["report_id"] != standing["report_id"]

    old = unpacked(reviewer, standing["report_id"], tmp_path / "old")
    new = unpacked(reviewer, report, tmp_path / "new")
    assert verify(old).flaws == verify(new).flaws == ()
    for paper in (new, new / "report.pdf", new / "report-light.pdf"):
        command = [sys.executable, "-m", "inspection", "verify", paper]
        proof = subprocess.run(command, capture_output=True, text=True, check=False)
        assert proof.returncode == 0, proof.stderr
    says_what_was_decided(new, old)
    told = json.loads((new / "inspection.json").read_bytes())
    assert ground["disturbed"] == told["review"]["areas_ha"]
    assert reviewer.get(f"{address}/ground").json() == ground
    steps.append(reviewer.get(f"{address}/words").json()["next_steps"])
    assert len(steps[1]) == len(told["next_steps"]) == len(steps[0]) - 1, "it was reviewed"
    again = reviewer.post(f"{address}/reissue")
    assert (again.status_code, again.json()["code"]) == (409, "reissue_not_failed")
    receipt = reviewer.get(f"/api/v1/reports/{report}").json()["receipt"]
    attached = reviewer.post(f"/api/v1/reports/{report}/attach")
    assert (attached.status_code, attached.json()["id"]) == (200, receipt["id"]), "it was, at once"


def refuse_to_attach_for_a_program_that_may_only_decide(service, address, decided) -> None:
    scopes = (Action.INSPECTION_READ, Action.INSPECTION_DECIDE)
    _, secret = service.token("here", service.people["here", Role.REVIEWER], *scopes)
    with service.client(headers={"Authorization": f"Bearer {secret}"}) as program:
        refused = program.post(f"{address}/decisions", json=decided)
    assert (refused.status_code, refused.json()["code"]) == (403, "token_scope")


def says_what_was_decided(new, old) -> None:
    document, was = (json.loads((one / "inspection.json").read_bytes()) for one in (new, old))
    for measured in ("id", "findings", "ledger_ha", "areas_ha", "answers"):
        assert document[measured] == was[measured]
    record, told = document["record"], document["review"]
    assert (record["version"], record["state"]) == (2, "approved")
    sha256 = hashlib.sha256((old / "inspection.json").read_bytes()).hexdigest()
    assert record["supersedes"] == told["of"]["sha256"] == sha256
    total = sum(told["areas_ha"].values())
    assert total == pytest.approx((20**2 + 18 * 12) / 1e4, rel=0.03), "shared ground once"
    page = (new / "report.html").read_text()
    assert told["decision"]["by"]["role"] == "reviewer"
    assert told["decision"]["by"]["name"] in page
    assert "<b>batas</b>" not in page
    drawn = json.loads((new / "findings.geojson").read_bytes())["features"]
    outcomes = {one["id"]: one["properties"]["outcome"] for one in drawn}
    assert outcomes == {"F001": "edited", "H001": "accepted", "H002": "accepted"}


CROSSED = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"outcome": "accepted", "reason_code": "shadow"}, "request_invalid"),
        ({"outcome": "maybe"}, "request_invalid"),
        ({"outcome": "rejected"}, "request_invalid"),
        ({"outcome": "rejected", "reason_code": "bad_day"}, "reason_unknown"),
        ({"outcome": "rejected", "reason_code": "other"}, "note_needed"),
        ({"outcome": "accepted", "note": "bell \x07"}, "request_invalid"),
        ({"outcome": "edited"}, "edit_empty"),
        ({"outcome": "edited", "ground_class": "vegetation_clearing"}, "edit_changes_nothing"),
        ({"outcome": "edited", "ground_class": "villa"}, "request_invalid"),
        ({"outcome": "edited", "area_m2": 5}, "request_invalid"),
        ({"outcome": "edited", "outline": {"type": "Point", "coordinates": []}}, "request_invalid"),
        ({"outcome": "edited", "outline": {"type": "Polygon", "coordinates": []}},
         "outline_unusable"),
        ({"outcome": "edited", "outline": {"type": "MultiPolygon", "coordinates": []}},
         "outline_unusable"),
        ({"outcome": "edited", "outline": square(20, 20, 20, closed=False)}, "outline_unusable"),
        ({"outcome": "edited", "outline": square(1e9, 0, 20)}, "outline_unusable"),
        ({"outcome": "edited", "outline": CROSSED}, "outline_crosses"),
        ({"outcome": "edited", "outline": {"type": "MultiPolygon", "coordinates": [
            square(20, 20, 20)["coordinates"], square(30, 30, 20)["coordinates"]]}},
         "outline_crosses"),
        ({"outcome": "edited", "outline": square(20, 20, 4)}, "outline_too_small"),
        ({"outcome": "edited", "outline": square(20, 20, 4000)}, "outline_beyond_ground"),
        ({"outcome": "edited", "outline": square(-4000, 20, 20)}, "outline_beyond_ground"),
        ({"outcome": "edited", "outline": {"type": "Polygon", "coordinates": [
            [[115 + n / 1e6, 0] for n in range(10_001)]]}}, "outline_too_detailed"),
    ],
    ids=lambda given: given if isinstance(given, str) else json.dumps(given)[:40],
)  # fmt: skip
def test_what_cannot_be_said_is_refused_and_nothing_is_kept(done, reviewer, said, code):
    finding = reviewer.get(f"{done}/findings").json()["items"][0]["id"]
    refused = reviewer.post(f"/api/v1/findings/{finding}/reviews", json=said)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert reviewer.get(f"/api/v1/findings/{finding}/reviews").json()["items"] == []


def test_what_was_said_last_is_put_on_the_record_once_by_each_person(service, done, reviewer):
    finding = reviewer.get(f"{done}/findings").json()["items"][0]["id"]
    about = f"/api/v1/findings/{finding}/reviews"
    no = {"outcome": "rejected", "reason_code": "shadow"}
    first = reviewer.post(about, json=no).json()
    again = reviewer.post(about, json={**no, "expects": 1})
    assert (again.status_code, again.json()) == (201, first)
    for other in ({**no, "note": "noon"}, {**no, "reason_code": "water_level"}):
        assert reviewer.post(about, json=other).json()["id"] != first["id"]
    person = service.person("here", Role.REVIEWER)
    with service.signed_in("here", person.id) as colleague:
        yes = {"outcome": "accepted"}
        said = [one.post(about, json=yes).json() for one in (colleague, colleague, reviewer)]
    assert [one["sequence"] for one in said] == [4, 4, 5]
    history = reviewer.get(about).json()["items"]
    assert [one["outcome"] for one in history] == ["accepted"] * 2 + ["rejected"] * 3


def test_an_edit_is_no_surer_than_the_measured_outline(done, reviewer):
    listed = reviewer.get(f"{done}/findings").json()["items"][0]["id"]
    stated = reviewer.get(f"/api/v1/findings/{listed}").json()["document"]
    edit = {"outcome": "edited", "outline": square(30, 30, 20)}
    word = reviewer.post(f"/api/v1/findings/{listed}/reviews", json=edit).json()
    assert word["edit"]["area_m2"] < stated["area_m2"]
    assert word["edit"]["area_uncertainty_m2"] == stated["area_uncertainty_m2"]


def test_of_two_that_decide_at_once_one_is_told_that_it_is_done(service, done, reviewer):
    finding = reviewer.get(f"{done}/findings").json()["items"][0]["id"]
    reviewer.post(f"/api/v1/findings/{finding}/reviews", json={"outcome": "accepted"})
    seen = reviewer.get(done).json()["standing"]["reviews_sha256"]
    got, together = [], threading.Barrier(2, timeout=30)

    def decide(client, outcome) -> None:
        together.wait()
        body = {"outcome": outcome, "note": "so", "reviews_sha256": seen}
        answer = client.post(f"{done}/decisions", json=body)
        got.append((answer.status_code, answer.json().get("code")))

    with service.as_role(Role.REVIEWER) as one, service.as_role(Role.REVIEWER) as other:
        threads = [
            threading.Thread(target=decide, args=given)
            for given in ((one, "approved"), (other, "declined"))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert sorted(got) == [(201, None), (409, "review_closed")]
    assert len(reviewer.get(f"{done}/decisions").json()["items"]) == 1


def test_a_returned_inspection_leaves_the_queue_and_has_no_new_report(done, reviewer):
    standing = reviewer.get(done).json()["standing"]
    body = {"outcome": "returned", "note": "", "reviews_sha256": standing["reviews_sha256"]}
    refused = reviewer.post(f"{done}/decisions", json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "note_needed")
    answer = reviewer.post(f"{done}/decisions", json=body | {"note": "fly again"})
    assert (answer.status_code, answer.json()["reissue"]) == (201, None)
    (run,) = (
        one
        for one in reviewer.get("/api/v1/inspections", params={"review": "returned"}).json()[
            "items"
        ]
        if done.endswith(one["id"])
    )
    assert run["review"] == "returned"
    assert reviewer.get(done).json()["standing"]["report_id"] == standing["report_id"]


def test_findings_come_in_the_order_of_the_report_page_by_page(done, reviewer):
    by_hand = {"ground_class": "water", "epoch": "new", "note": "a pond"}
    for west in (20, 40, 60):
        answer = reviewer.post(f"{done}/findings", json=by_hand | {"outline": square(west, 10, 12)})
        assert answer.status_code == 201, answer.text
    codes, after = [], None
    while True:
        asked = {"size": 2} | ({"after": after} if after else {})
        told = SimpleNamespace(**reviewer.get(f"{done}/findings", params=asked).json())
        codes += [one["code"] for one in told.items]
        if (after := told.after) is None:
            break
    assert codes == ["F001", "H001", "H002", "H003"]
    one = reviewer.get(f"/api/v1/findings/{told.items[-1]['id']}").json()
    assert (one["review"]["outcome"], one["review"]["note"]) == ("accepted", "a pond")
    assert one["document"]["area_m2"] == pytest.approx(144, rel=0.03)


def test_what_an_inspection_says_is_said_in_either_language(done, reviewer):
    document = json.loads((made() / "inspection.json").read_bytes())
    (finding,) = document["findings"]
    said = {}
    for language in ("en", "id"):
        headers = {"Accept-Language": language}
        words = reviewer.get(f"{done}/words", headers=headers).raise_for_status().json()
        assert words["report_language"] == document["language"] == "en"
        own = words["findings"]["F001"]
        said[language] = [
            *words["answers"].values(),
            *words["next_steps"],
            *words["warnings"],
            *own["reasons"],
            *own["may_be_false_because"],
        ]
        assert {one["language"] for one in said[language]} == {language}
    texts = {language: [one["text"] for one in every] for language, every in said.items()}
    assert texts["en"] == [
        *(document["answers"][name]["sentence"] for name in words["answers"]),
        *(one["sentence"] for one in document["next_steps"]),
        *(one["message"] for one in document["warnings"]),
        *finding["reasons"],
        *finding["may_be_false_because"],
    ]
    assert set(texts["en"]).isdisjoint(texts["id"])
    assert "Kedua penerbangan terpaut 52 hari dalam setahun" in " ".join(texts["id"])


def test_the_reasons_are_worded_in_both_languages(reviewer):
    told = {
        language: {
            one["code"]: one["sentence"]
            for one in reviewer.get(
                "/api/v1/review-reasons", headers={"Accept-Language": language}
            ).json()
        }
        for language in ("en", "id")
    }
    assert list(told["en"]) == list(told["id"])
    assert told["en"]["shadow"] == "shadow"
    assert told["id"]["shadow"] == "bayangan"
