"""The audit log in the pages: whether its chain holds, where it broke, and in whose words."""

import ast
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from inspection.access.rights import IN_PERSON, Action
from inspection.evidence.audit_log import verify_log
from inspection.evidence.head_key import fingerprint
from inspection.records.audit import Deed, record
from inspection.records.columns import now
from inspection.records.deeds import DEEDS
from inspection.records.heads import sign_heads
from inspection.records.tables.inspections import ReviewOutcome
from inspection.records.tables.offices import Role
from tests.api.test_audit import tamper
from tests.api.web.conftest import INJECTED, SIZES
from tests.api.web.test_pages import WEB, branches


def test_every_scope_and_deed_has_words() -> None:
    words = branches(json.loads((WEB / "src/wording/en.json").read_text()))
    said = {key.removeprefix("scope.") for key in words if key.startswith("scope.")}
    assert said == {str(one) for one in Action} - {str(one) for one in IN_PERSON}
    deeds = {key.removeprefix("deed.") for key in words if key.startswith("deed.")}
    listed = re.findall(r"'([a-z_]+\.[a-z_]+)'", (WEB / "src/office/deeds.ts").read_text())
    assert deeds == set(listed) == DEEDS


def facts_told() -> set[str]:
    """Every name under which a deed tells a fact, read in the code that puts deeds on the log."""
    told: set[str] = set()
    for path in [*Path("inspection").rglob("*.py"), *Path("api/routes").glob("*.py")]:
        text = path.read_text("utf-8")
        if re.search(r"import .*\b(Deed|deed_on)\b", text) is None:
            continue
        for node in ast.walk(ast.parse(text)):
            for given in facts_in(node):
                told |= {
                    key.value
                    for one in ast.walk(given)
                    if isinstance(one, ast.Dict)
                    for key in one.keys
                    if isinstance(key, ast.Constant) and str(key.value).islower()
                }
    return told


def facts_in(node: ast.AST) -> list[ast.expr]:
    """What a call or an assignment gives as facts of a deed."""
    named = ("facts", "told")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        makes = node.func.id in ("Deed", "deed_on", "_record", "_recorded", "_note")
        return [*node.args, *(one.value for one in node.keywords)] if makes else []
    if isinstance(node, ast.AnnAssign | ast.Assign):
        targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
        is_facts = any(isinstance(one, ast.Name) and one.id in named for one in targets)
        return [node.value] if is_facts and node.value is not None else []
    return []


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_fact_of_a_deed_has_words(language) -> None:
    told = facts_told()
    assert {"sha256", "outcome", "allowed_hundredths", "public_key", "manifest_sha256"} < told
    told |= {str(one) for one in ReviewOutcome}
    words = json.loads((WEB / f"src/wording/{language}.json").read_text())["fact"]
    assert {one.removesuffix("_hundredths") for one in told} <= set(words)


def test_an_auditor_reads_facts_in_their_own_words(service, office, visit) -> None:
    person = service.person(office, Role.AUDITOR)
    permit = service.permit(office)
    facts = {
        "inspection.submitted": {"permit": str(permit), "files": {"orthophoto": "a" * 64}},
        "clock.begun": {"step": "verifikasi", "allowed_hundredths": 1050},
        "value.corrected": {"field": "holder_name"},
        "finding.rejected": {"finding": "F001", "reason": "image_seam"},
        "objection.answered": {"outcome": "upheld"},
        "office.changed": {"language": "id", "profile": "generic"},
        "inspection.decided": {"outcome": "approved", "accepted": 12, "rejected": 3},
        "audit.read": {"wanted": {"action": "user.roles", "since": "2026-11-30T03:00:00.000Z"}},
    }
    for action, told in facts.items():
        deed = Deed(action=action, subject_kind="permit", subject_id=str(permit), facts=told)
        with service.records.writing(service.offices[office]) as session:
            record(session, deed, actor=str(person.id))
    visitor = visit("phone", "id")
    page = visitor.page
    visitor.sign_in(person.login)
    visitor.open("#/audit")
    rows = page.locator("section .rows > li")
    rows.first.wait_for()
    for said in (
        "Ortofoto: aaaa",
        "Hari kerja yang diberikan: 10,5",
        "Isian: Pemegang izin",
        "Alasan: sambungan atau cacat citra",
        "Hasil: dikabulkan",
        "Bahasa laporan: Indonesia",
        "Temuan diterima: 12",
        "Tindakan: Peran",
        "Sejak: 30 Nov 2026",
    ):
        assert rows.filter(has_text=said).count() >= 1, said
    visitor.require_access_for_all()
    visitor.require_peace()


def test_an_auditor_sees_whether_the_chain_holds_and_where_it_broke(
    service, office, visit, photograph
):
    person = service.person(office, Role.AUDITOR)
    for number in range(12):
        deed = Deed(
            action="file.read" if number % 3 else "user.roles",
            subject_kind="file",
            subject_id=f"f{number}",
            facts={"n": number, "said": INJECTED, "reason": "password", "code": None},
        )
        with service.records.writing(service.offices[office]) as session:
            record(session, deed, actor=str(person.id))
    with service.records.writing_all() as session:
        sign_heads(session, service.app.state.audit_key, at=now())
    visitor = visit("desk", "id")
    page = visitor.page
    visitor.sign_in(person.login)
    page.locator("summary", has_text="Kantor").click()
    page.get_by_role("link", name="Jejak audit").click()
    page.locator(".notice.good", has_text="Utuh").wait_for()
    key = fingerprint(service.app.state.audit_key.public_key())
    page.get_by_text(f"dengan kunci {key[:16]}").wait_for()
    photograph(visitor, "audit-id-desk-light")
    visitor.require_access_for_all()
    page.locator("select[name=action]").select_option("user.roles")
    page.locator("select[name=actor]").select_option(label=person.login.title())
    page.get_by_role("button", name="Tampilkan", exact=True).click()
    rows = page.locator("section .rows > li")
    expect(rows).to_have_count(4)
    assert rows.first.get_by_text(INJECTED).count() == 1
    rows.first.get_by_text("Alasan: kata sandi", exact=True).wait_for()
    assert rows.first.get_by_text("null").count() == 0
    rows.first.get_by_text("Berkas", exact=False).first.wait_for()
    page.get_by_role("link", name="f3", exact=True).click()
    expect(rows).to_have_count(1)
    visitor.open("#/audit/action%3Duser.role")
    page.locator(".notice.bad", has_text="user.roles").wait_for()
    visitor.open("#/audit/subject_id%3Da%20b")
    page.locator(".notice.bad li", has_text="Terhadap apa: hanya ID").wait_for()
    page.locator("input[name=since]").fill("2026-11-30T10:00")
    page.locator("input[name=until]").fill("2026-11-30T09:00")
    assert page.locator("input[name=until]:invalid").count() == 1

    with page.expect_download() as coming:
        page.get_by_role("link", name="Unduh log").click()
    log = Path(coming.value.path()).read_bytes().splitlines()
    keys = [service.app.state.audit_key.public_key()]
    assert verify_log(log, name="log", keys=keys).flaws == ()

    tamper(service, office)
    visitor.open("#/audit")
    page.locator(".notice.bad", has_text="Putus").wait_for()
    page.locator(".notice.bad li", has_text="Kejadian 5").first.wait_for()
    page.set_viewport_size(SIZES["phone"])
    visitor.require_access_for_all()
    photograph(visitor, "audit-broken-id-phone-light")
    visitor.require_peace()
