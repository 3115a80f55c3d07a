"""A permit's page: what is known of it and by whom, what happened, and two flights over another."""

import json
from datetime import timedelta
from uuid import UUID

import cv2
import numpy as np
import pytest
import shapely
from sqlalchemy import select

from inspection.objections.filing import Objecting, file_objection
from inspection.records.columns import now
from inspection.records.tables.flights import Flight
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.offices import Role
from inspection.records.tables.permits import BoundaryStage, BoundaryVersion, Permit
from inspection.records.tables.reports import Report, TrackingCode
from tests.api.drawn import BROWN, GREEN, GROUND, cog, plain
from tests.api.test_queue import EVERY_DAY, begin, tell, waits

HEADINGS = "id_izin;nib;nama_perusahaan;komoditas;lokasi;luas_ha;tgl_izin\n"
NOISE = 12
"""Of a colour after it was kept as WebP."""


@pytest.fixture
def flown(service):
    """A permit that two sources know, with two flights, each inspected, and a third one unseen."""
    licence = service.next("I-page-")
    take(
        service,
        "generic",
        f"{HEADINGS}{licence};0012000000000;PT Batu;andesit;Sanggau;4,5;2024-03-25\n",
    )
    named = [{"id_izin": licence, "nama_izin": "IUP"}]
    nib = {"nib": "0012000000000", "nama_perseroan": "PT Batu Jaya", "data_checklist": named}
    take(service, "oss-nib", json.dumps({"dataNIB": nib}))
    with service.records.writing(service.offices["here"]) as session:
        permit = session.scalars(select(Permit).where(Permit.reference == licence)).one()
        for sequence, stage, outline in (
            (1, BoundaryStage.APPLIED, GROUND.buffer(0.0002)),
            (2, BoundaryStage.GRANTED, GROUND),
        ):
            session.add(
                BoundaryVersion(
                    permit_id=permit.id,
                    sequence=sequence,
                    stage=stage,
                    source=f"SK {sequence}",
                    sha256="0" * 64,
                    stated_crs="EPSG:4326",
                    area_m2=30_976.0,
                    outline=outline,
                )
            )
    runs = [
        service.drawn(
            "here", {"current.tif": cog(plain(colour))}, permit_id=permit.id, picture=name
        )
        for colour, name in ((GREEN, b"green"), (BROWN, b"brown"))
    ]
    service.inspection("here", permit_id=permit.id, picture=b"unseen")
    with service.records.writing(service.offices["here"]) as session:
        flights = select(Flight).where(Flight.permit_id == permit.id)
        for number, one in enumerate(session.scalars(flights.order_by(Flight.created_at)).all()):
            one.name = ("green.tif", "brown.tif", "unseen.tif")[number]
            one.claimed_at = now() - timedelta(days=300 - number * 100)
        report = session.scalars(select(Report).where(Report.inspection_id == runs[1])).one()
    objecting = Objecting(
        tracking_code=None,
        report_sha256=report.sha256,
        finding=None,
        text="The pit is not ours.",
        contact=None,
    )
    file_objection(service.records, objecting)
    return permit, runs


def take(service, mapping, content) -> None:
    params = {"mapping": mapping, "name": "x", "dry_run": False}
    with service.as_role("gis") as gis:
        done = gis.post("/api/v1/permits/imports", params=params, content=content.encode())
    assert done.status_code == 200, done.text


def state_more(service, permit) -> None:
    """A correction, a limit, and a clock that is overdue."""
    calendar = {"name": service.next("every day "), "time_zone": "UTC", "week": EVERY_DAY}
    address = f"/api/v1/permits/{permit.id}"
    with service.as_role("admin") as admin, service.as_role("gis") as gis:
        assert admin.put("/api/v1/office/calendars", json=calendar).status_code == 200
        begin(gis, permit.id, calendar, unit="days")
        tell(gis, permit.reference, "10", 20)
        limit = {"code": "max_disturbed_ha", "value": 2.5, "source": "SK 2"}
        assert gis.post(f"{address}/limits", json=limit).status_code == 201
        said = {"field": "commodity", "value": "granit", "reason": "as the decree says"}
        assert gis.post(f"{address}/corrections", json=said).status_code == 201


def reach_each_report(service, page, permit) -> None:
    """Its files and its verdict, also where the inspection has a later one."""
    with service.records.reading(service.offices["here"]) as session:
        asked = select(Report).where(Report.permit_id == permit.id)
        reports = session.scalars(asked.order_by(Report.sequence)).all()
    assert len(reports) > 1
    for one in reports:
        row = page.locator(".timeline > li").filter(
            has=page.get_by_role("link", name=f"Report no. {one.sequence}", exact=True)
        )
        address = f"/api/v1/reports/{one.id}"
        for href in (f"{address}/files/report.pdf", f"{address}/bundle", f"#/verify/{one.sha256}"):
            assert row.locator(f"a[href='{href}']").count() == 1, href


def test_a_permit_is_found_and_told_whole_and_followed_by_a_code(
    service, visit, flown, photograph
) -> None:
    permit, runs = flown
    state_more(service, permit)
    person = service.person("here", Role.INSPECTOR)
    visitor = visit(permissions=["clipboard-read", "clipboard-write"])
    page = visitor.page
    visitor.sign_in(person.login)
    page.get_by_role("link", name="Permits").click()
    page.get_by_label("Permit number, kind, place or holder").fill(permit.reference)
    page.get_by_role("button", name="Search").click()
    found = page.locator(".rows li:only-child")
    found.locator("a", has_text=permit.reference).wait_for()
    # Whose it is the sources do not agree on: a list says nothing of it.
    assert "IUP · Sanggau" in found.inner_text()
    assert "PT Batu" not in found.inner_text()
    found.locator("a").click()
    page.get_by_role("heading", name=f"Permit {permit.reference}").wait_for()

    facts = {
        row.locator("dt").inner_text(): row.locator("dd").inner_text()
        for row in page.locator(".onrecord > div").all()
    }
    assert facts["Holder"].startswith("? sources differ, not decided yet")
    assert "PT Batu — berkas kantor, " in facts["Holder"]
    assert "PT Batu Jaya — OSS, " in facts["Holder"]
    assert facts["Commodity"].startswith("granit\n✎ Corrected on ")
    assert "as the decree says" in facts["Commodity"]
    assert facts["Declared area"].startswith("4.5 ha")
    assert "(line 2, column F)" in facts["Declared area"], facts["Declared area"]
    assert page.get_by_role("button", name="Begin a service time").count() == 0, "an inspector"
    assert facts["Disturbed land at most"].startswith("2.5 ha\nSK 2")
    assert page.locator(".clock").inner_text().startswith("review\n\n✕ Overdue since ")
    assert "10" in page.locator(".clock progress").get_attribute("max")
    happened = page.locator(".timeline > li").all_inner_texts()
    assert [one.split("\n")[1][:9] for one in happened].count("Flight: g") == 1
    assert any(one.startswith("Flown on ") and "sent on " in one for one in happened)
    assert any("Objection" in one and "! waits for an answer" in one for one in happened)
    page.locator(f".timeline a[href='#/inspection/{runs[0]}']").first.wait_for()
    reach_each_report(service, page, permit)
    see_the_ground(page)
    page.get_by_role("button", name="Give out a code").click()
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("Copied").wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    with service.records.reading(service.offices["here"]) as session:
        asked = select(TrackingCode.code).where(TrackingCode.permit_id == permit.id)
        code = session.scalars(asked).one()
    shown = "-".join(code[at : at + 4] for at in range(0, 16, 4))
    assert f"{service.url}/#/status/{shown}" in text
    page.reload()
    page.locator(".versions a", has_text=shown).wait_for()
    visitor.require_access_for_all()
    photograph(visitor, "permit-en-desk-light")
    visitor.require_peace()


def see_the_ground(page) -> None:
    """The boundary in force is drawn, and each one before it when it is asked for."""
    in_force = page.locator(".versions li", has_text="in force")
    assert in_force.inner_text().startswith("Boundary 2 · granted · 3.10 ha")
    place = page.locator(".map[data-shown] canvas")
    place.wait_for()
    second = page.locator(".map[data-shown]").get_attribute("data-shown")
    page.locator(".versions li", has_text="Boundary 1").get_by_role("button").click()
    page.locator(f".map[data-shown]:not([data-shown='{second}'])").wait_for()
    with page.expect_download() as download:
        in_force.get_by_role("link", name="GeoJSON").click()
    kept = json.loads(download.value.path().read_text())
    assert shapely.equals_exact(shapely.from_geojson(json.dumps(kept["geometry"])), GROUND, 1e-9)


def test_any_two_flights_lie_over_one_another_and_are_inspected(
    service, visit, flown, photograph
) -> None:
    permit, runs = flown
    person = service.person("here", Role.INSPECTOR)
    visitor = visit()
    page = visitor.page
    visitor.sign_in(person.login)
    visitor.open(f"#/permit/{permit.id}")
    # The later one first: the page knows which is which.
    for name in ("brown.tif", "green.tif"):
        page.get_by_label(f"Compare the flight {name}").check()
    page.get_by_role("link", name="Compare these two flights").click()
    page.locator(".map[aria-busy=false]").wait_for()
    assert np.abs(middle(page) - BROWN).max() < NOISE
    page.get_by_text("No inspection has compared these two").wait_for()
    page.keyboard.press("b")
    page.locator("button[aria-pressed=true]", has_text="Earlier flight").wait_for()
    page.locator(".map[aria-busy=false]").wait_for()
    assert np.abs(middle(page) - GREEN).max() < NOISE
    page.get_by_role("button", name="Swipe").click()
    page.locator(".map[aria-busy=false]").wait_for()
    assert np.abs(middle(page, 0.44) - GREEN).max() < NOISE
    assert np.abs(middle(page, 0.56) - BROWN).max() < NOISE
    assert page.get_by_role("button", name="Change").count() == 0
    page.keyboard.press("l")
    page.locator("figure:nth-child(1) figcaption", has_text="green.tif").wait_for()
    page.locator("figure:nth-child(2) figcaption", has_text="brown.tif").wait_for()
    visitor.require_access_for_all()
    photograph(visitor, "compare-en-desk-light")
    page.get_by_role("button", name="Inspect these two").click()
    page.locator(".tag", has_text="Waiting").wait_for()
    made = UUID(page.url.rpartition("/")[2])
    with service.records.reading(service.offices["here"]) as session:
        run = session.get_one(InspectionRun, made)
        current, baseline = (
            session.get_one(InspectionRun, one).current_id for one in reversed(runs)
        )
        assert (run.current_id, run.baseline_id) == (current, baseline)
        unseen = session.scalars(select(Flight.id).where(Flight.name == "unseen.tif")).all()[-1]
    see_the_order(service, page, visitor, permit, baseline, current)
    visitor.open(f"#/compare/{permit.id}/{unseen}/{current}")
    page.get_by_text("There is no picture to show of: unseen.tif").wait_for()
    visitor.require_peace()


def see_the_order(service, page, visitor, permit, baseline, current) -> None:
    """By when they were flown; where that is unknown, as they were inspected; ticks are kept."""
    flown = page.locator(".onrecord dd")
    visitor.open(f"#/compare/{permit.id}/{current}/{baseline}")
    page.get_by_text("An inspection compares these two flights").wait_for()
    told = flown.all_inner_texts()
    assert [one.split("\n")[0] for one in told] == ["green.tif", "brown.tif"]
    assert all(one.split("\n")[1].startswith("Flown on ") for one in told)
    with service.records.writing(service.offices["here"]) as session:
        for one in (baseline, current):
            session.get_one(Flight, one).claimed_at = None
        session.get_one(Flight, baseline).created_at = now()  # the earlier one came last
    page.get_by_role("link", name="Back to the permit").click()
    page.locator(".comparing", has_text="green.tif → brown.tif").wait_for()
    assert page.locator(".tick input:checked").count() == 2
    page.get_by_label("Compare the flight brown.tif").scroll_into_view_if_needed()
    assert page.locator(".comparing a").evaluate("(one) => one.getBoundingClientRect().top") >= 0
    page.get_by_role("link", name="Compare these two flights").click()
    page.get_by_text("when it was flown is not stated").first.wait_for()
    assert [one.split("\n")[0] for one in flown.all_inner_texts()] == ["green.tif", "brown.tif"]
    page.get_by_text("An inspection compares these two flights").wait_for()


def middle(page, across=0.45) -> np.ndarray:
    """The colour of the map in its middle height, so far across."""
    shot = np.frombuffer(page.locator(".map").screenshot(), np.uint8)
    picture = cv2.cvtColor(cv2.imdecode(shot, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    height, width, _ = picture.shape
    return picture[height // 2, int(width * across)].astype(float)


def test_a_reviewer_begins_a_service_time_from_queue_and_permit(service, visit, photograph) -> None:
    _, _, reference = waits(service, service.next("clockless"))
    calendar = {"name": service.next("every day "), "time_zone": "UTC", "week": EVERY_DAY}
    with service.as_role("admin") as admin:
        assert admin.put("/api/v1/office/calendars", json=calendar).status_code == 200
    visitor = visit("phone")
    page = visitor.page
    visitor.sign_in(service.person("here", Role.REVIEWER).login)
    page.locator("input[type=search]").fill(reference)
    page.keyboard.press("Enter")
    waiting = page.locator(".queue > li:only-child", has_text=reference)
    waiting.get_by_text("No service time is counted").wait_for()
    waiting.get_by_role("link", name="Begin a service time").click()
    page.get_by_role("button", name="Begin a service time").click()
    dialog = page.locator("dialog")
    dialog.locator("[name=step]").fill("Rekomendasi teknis")
    dialog.locator("[name=calendar]").select_option(calendar["name"])
    begins = dialog.locator("[name=begins_at]")
    stated = begins.input_value()
    begins.fill("2999-01-01T08:00")
    dialog.get_by_role("button", name="Begin a service time").click()
    dialog.locator(".notice.bad", has_text="cannot begin later than now").wait_for()
    photograph(visitor, "clock-begun-en-phone-light")
    begins.fill(stated)
    dialog.get_by_role("button", name="Begin a service time").click()
    page.locator(".clock h3", has_text="Rekomendasi teknis").wait_for()
    assert "begun (stated by the office)" in page.locator(".clock .moves").inner_text()
    page.go_back()
    page.locator(".queue > li:only-child .time progress").wait_for()
    visitor.require_access_for_all()
    visitor.require_peace()
