"""Signatures on reports: made here or elsewhere, examined by us and by other software."""

import datetime as dt
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore

from geo.errors import RefusedError
from inspection.errors import DisprovedError, UsageError
from inspection.evidence import signature as signing
from inspection.evidence.examination import examined, known_issuers, proof_of
from inspection.evidence.examiner import findings
from inspection.evidence.issuers import printable
from inspection.evidence.key import key_of
from inspection.evidence.proof import Standing
from inspection.wiring import REPORT_FONT
from tests.inspection import paper
from tests.inspection.conftest import run

NOW = dt.datetime.now(dt.UTC)


@pytest.fixture(scope="module")
def report(inspected, tmp_path_factory):
    return paper.report(tmp_path_factory.mktemp("paper"), paper.aged(inspected.document))


@pytest.fixture(scope="module")
def authority():
    return paper.holder("Uji Coba Penerbit")


@pytest.fixture(scope="module")
def holder(authority):
    return paper.holder(issuer=authority)


@pytest.fixture(scope="module")
def signed(report, holder):
    return signed_here(report, holder)


def looked_at(pdf, *issuers):
    """The examination without its process: quick, for what is not about that process."""
    known = [issuer.certificate.public_bytes(paper.DER) for issuer in issuers]
    answer = findings(pdf, known)
    return answer["refused"] if "refused" in answer else proof_of(pdf, answer)


def signed_here(pdf, holder, **act):
    """What `tinjau sign` writes, without its files."""
    key = key_of(holder.p12(), paper.PASSPHRASE.encode(), now=NOW)
    return signing._signed(pdf, looked_at(pdf), key, signing.Act(moment=NOW, **act), REPORT_FONT)


def codes(pdf, *issuers):
    proof = looked_at(pdf, *issuers)
    return [proof] if isinstance(proof, str) else [flaw.code for flaw in proof.flaws]


def only(pdf, *issuers):
    proof = looked_at(pdf, *issuers)
    assert proof.flaws == ()
    (signature,) = proof.signatures
    return signature, proof.standing


@pytest.fixture
def pdfsig(tmp_path):
    """What poppler says of each signature: lines by name, and the signatures counted."""
    if shutil.which("pdfsig") is None:
        pytest.skip("needs the system package poppler-utils")

    def ask(pdf):
        path = tmp_path / "asked.pdf"
        path.write_bytes(pdf)
        done = subprocess.run(
            ["pdfsig", "-nocert", path], capture_output=True, text=True, check=False
        )
        return [
            dict(re.findall(r"^  - ([\w ]+?)(?:: (.*))?$", part, re.MULTILINE))
            for part in done.stdout.split("Signature #")[1:]
        ]

    return ask


# From one end to the other.


def files(folder, report, holder):
    folder.mkdir(exist_ok=True)
    (folder / "report.pdf").write_bytes(report)
    (folder / "key.p12").write_bytes(holder.p12())
    return folder


def sign(folder, *words, passphrase=paper.PASSPHRASE, **options):
    return run(
        "sign",
        folder / "report.pdf",
        "--key",
        folder / "key.p12",
        "--out",
        folder / "signed.pdf",
        *words,
        stdin=passphrase + "\n",
        **options,
    )


def told(done):
    return json.loads(done.stderr.splitlines()[-1])


def test_sign_then_verify_then_another_program(
    report, holder, authority, tmp_path, pdfsig, inspected
):
    folder = files(tmp_path / "a", report, holder)
    (folder / "known.pem").write_bytes(authority.pem())
    done = sign(folder, "--reason", "Disetujui", "--place", "Kendari", "--language", "en")
    assert done.returncode == 0, done.stderr
    assert "Signed by Uji Coba Tinjau: signed.pdf" in done.stdout
    assert (folder / "report.pdf").read_bytes() == report
    pdf = (folder / "signed.pdf").read_bytes()
    assert pdf.startswith(report), "signed behind the report, which stays as it was"
    assert sorted(path.name for path in folder.iterdir()) == [
        "key.p12",
        "known.pem",
        "report.pdf",
        "signed.pdf",
    ]

    unproven = run("verify", folder / "signed.pdf", "--language", "en")
    assert unproven.returncode == 0
    assert "Intact, issuer unproven" in unproven.stdout
    assert "unproven" in unproven.stdout.split("issued by")[1]
    known = run("verify", folder / "signed.pdf", "--trust", folder / "known.pem", "--language=en")
    assert known.returncode == 0
    assert "Intact, issued by Uji Coba Penerbit, known" in known.stdout
    setting = {"TINJAU_TRUST": str(folder / "known.pem")}
    machine = json.loads(run("verify", folder / "signed.pdf", "--json", env=setting).stdout)
    assert machine["standing"] == "issuer_known"
    assert machine["inspection"] == inspected.document["id"]
    (one,) = machine["signatures"]
    assert one["signer"] == "Uji Coba Tinjau"
    assert one["organisation"] == "Tinjau"
    assert one["issuer"] == "Uji Coba Penerbit"
    assert (one["reason"], one["location"]) == ("Disetujui", "Kendari")
    assert one["intact"]
    assert one["covers_whole_file"]
    assert one["added_after"] == "nothing"
    claimed = dt.datetime.fromisoformat(one["claimed_at"])
    assert abs(claimed - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=10)

    (theirs,) = pdfsig(pdf)
    assert theirs["Signature Validation"] == "Signature is Valid."
    assert "Total document signed" in theirs
    assert theirs["Signer Certificate Common Name"] == "Uji Coba Tinjau"
    assert theirs["Signature Type"] == "ETSI.CAdES.detached"

    again = sign(folder)
    assert (again.returncode, told(again)["code"]) == (2, "out_exists")
    assert (folder / "signed.pdf").read_bytes() == pdf


def test_the_passphrase_is_found_nowhere(report, holder, tmp_path):
    """Not in a word that is printed, a file that is left, or a trace, right or wrong."""
    folder = files(tmp_path / "a", report, holder)
    outputs = []
    for passphrase, env in [
        (paper.PASSPHRASE, {}),
        ("SALAH-" + paper.PASSPHRASE, {"TINJAU_DEBUG": "1"}),
    ]:
        (folder / "signed.pdf").unlink(missing_ok=True)
        done = sign(folder, "--json", passphrase=passphrase, env={**env, "TMPDIR": str(folder)})
        outputs += [done.stdout.encode(), done.stderr.encode()]
        outputs += [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert told(done)["code"] == "key_locked"
    assert "Traceback" in done.stderr
    for passphrase in (paper.PASSPHRASE, "frasa-Rahasia"):
        for form in (
            passphrase.encode(),
            passphrase.encode("utf-16-be"),
            repr(passphrase).encode(),
        ):
            assert not [output for output in outputs if form in output]


def test_it_is_asked_on_a_terminal_unseen(report, holder, tmp_path):
    folder = files(tmp_path / "a", report, holder)
    leader, follower = os.openpty()
    done = subprocess.Popen(
        [
            sys.executable,
            *("-m", "inspection", "sign", str(folder / "report.pdf"), "--language", "en"),
            *("--key", str(folder / "key.p12"), "--out", str(folder / "signed.pdf")),
        ],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
        preexec_fn=lambda: paper.take_terminal(0),  # noqa: PLW1509 - no thread runs here
    )
    os.close(follower)
    seen = b""
    while b"Passphrase" not in seen:
        seen += os.read(leader, 1000)
    os.write(leader, paper.PASSPHRASE.encode() + b"\n")
    while True:
        try:
            part = os.read(leader, 1000)
        except OSError:
            break
        if not part:
            break
        seen += part
    assert done.wait() == 0, seen
    assert paper.PASSPHRASE.encode() not in seen
    os.close(leader)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("wrong", "key_locked"),
        ("none", "key_unreadable"),
        ("cut", "key_locked"),
        ("old", "key_expired"),
        ("early", "key_expired"),
    ],
)
def test_a_key_that_cannot_sign_is_told(kind, code, holder):
    old = paper.holder(first=-20, last=-1)
    early = paper.holder(first=1, last=20)
    content = {
        "wrong": holder.p12("other"),
        "none": holder.pem(),
        "cut": holder.p12()[:-40],
        "old": old.p12(),
        "early": early.p12(),
    }[kind]
    with pytest.raises(RefusedError) as refused:
        key_of(content, paper.PASSPHRASE.encode(), now=NOW)
    assert refused.value.code == code
    assert paper.PASSPHRASE not in repr(refused.value) + str(refused.value.__cause__)


def test_a_key_without_a_passphrase_opens(authority):
    bare = paper.holder(issuer=authority)
    assert key_of(bare.p12(passphrase=""), b"", now=NOW).name == "Uji Coba Tinjau"
    with pytest.raises(RefusedError, match="key_locked"):
        key_of(paper.holder().p12(), b"", now=NOW)


def test_what_is_not_intact_or_keeps_no_place_is_not_signed(report, holder, inspected, tmp_path):
    folder = files(tmp_path / "a", report.replace(b"sha256:", b"sha256:0", 1), holder)
    document = (inspected.folder / "inspection.json").read_bytes()

    def attempt():
        signing.sign(
            folder / "report.pdf",
            folder / "signed.pdf",
            key=folder / "key.p12",
            passphrase=paper.PASSPHRASE.encode,
            act=signing.Act(moment=NOW),
            font=REPORT_FONT,
        )

    broken = bytearray(report)
    broken[paper.embedded_at(report)[0] + 40] ^= 1
    (folder / "report.pdf").write_bytes(broken)
    with pytest.raises(DisprovedError, match="report_not_intact"):
        attempt()
    for box in (None, "signature:3,10,10,70,30", "signature:2,200,10,70,30", "signature:1,5,5,2,2"):
        (folder / "report.pdf").write_bytes(paper.report(tmp_path / "b", document, box=box))
        with pytest.raises(RefusedError, match="signature_box_missing"):
            attempt()
    (folder / "signed.pdf").symlink_to("nowhere")
    with pytest.raises(UsageError, match="out_exists"):
        attempt()
    assert {path.name for path in folder.iterdir()} == {"report.pdf", "key.p12", "signed.pdf"}


# What is no signature.


def said_anew(pdf):
    """The same with the first page's content in other words, under the same entries."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    kids = writer.root["/Pages"]["/Kids"]
    while (page := kids.raw_get(0).get_object())["/Type"] != "/Page":
        kids = page["/Kids"]
    content = page["/Contents"]
    other = zlib.compress(b"q Q")
    content._encoded_data = other.ljust(len(content.encoded_data), b"\n")
    content._data = None
    writer.mark_update(page.raw_get("/Contents").reference)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def hung_behind(pdf):
    """The genuine bytes, and behind them a document of its own, which a reader shows instead."""
    out = io.BytesIO(pdf)
    out.seek(0, io.SEEK_END)
    copy_into_new_writer(PdfFileReader(io.BytesIO(paper.drawn_over(pdf)))).write(out)
    return out.getvalue()


def test_what_is_written_over_a_report_without_signing_is_noticed(report, holder, signed):
    assert codes(report) == codes(signed) == []
    assert codes(signed_here(signed, holder)) == []
    for change in (paper.drawn_over, said_anew):
        changed = change(report)
        assert changed.startswith(report)
        assert codes(changed) == ["paper_added_to"]
        assert "paper_added_to" in codes(change(signed))


def test_another_document_behind_a_report_is_noticed(report):
    changed = hung_behind(report)
    assert changed.startswith(report)
    assert PdfFileReader(io.BytesIO(changed)).xrefs.total_revisions == 1
    assert codes(changed) == ["paper_added_to"]


# What a signature proves.


def test_a_changed_byte_anywhere_is_noticed_by_us_and_by_another(report, signed, pdfsig):
    hole = re.search(rb"/Contents <([0-9A-Fa-f]+)>", signed)
    hexadecimal = len(hole[1].rstrip(b"0"))
    places = {
        "a page": paper.page_at(report),
        "the embedded file": paper.embedded_at(report)[0] + 30,
        "the description": report.index(b"<xmp:CreatorTool>") + 20,
        "the signature's face": signed.index(b"/Rect [", len(report)) + 9,
        "the signing time": signed.index(b"/M (D", len(report)) + 9,
        "the signature": hole.start(1) + hexadecimal - 60,
        "the range": signed.index(b"/ByteRange [0 ") + 15,
        "before the end": len(signed) - 8,
    }
    for name, place in places.items():
        other = bytearray(signed)
        other[place] = other[place] ^ 1
        assert codes(bytes(other)), name
        if name not in ("the range", "before the end"):
            (theirs,) = pdfsig(bytes(other))
            assert theirs["Signature Validation"] != "Signature is Valid.", name


def test_every_region_of_a_signed_report_is_covered(signed, holder):
    """
    One changed bit at many places: whatever it hits, it is never called intact.

    Of the signature itself, its signer's certificate and its value are tried. What is merely
    its wrapping (a version, a list of methods, the issuer's certificate that travels along)
    is covered by no signature and decides nothing: an issuer is known by what is known here.
    """
    hole = re.search(rb"/Contents <([0-9A-Fa-f]+)>", signed)
    end = hole.start(1) + len(hole[1].rstrip(b"0"))
    own = holder.certificate.public_bytes(paper.DER).hex().upper().encode()
    start = signed.index(own)
    outside = range(20, len(signed), len(signed) // 60)
    places = [
        *(place for place in outside if not hole.start(1) <= place < hole.end(1)),
        *range(start, start + len(own), 20),
        *range(end - 100, end - 6, 7),
    ]
    for place in places:
        other = bytearray(signed)
        other[place] ^= 4
        assert codes(bytes(other)), place


def test_what_fills_up_the_signature_must_be_nothing(signed):
    hole = re.search(rb"/Contents <([0-9A-Fa-f]+)>", signed)
    other = bytearray(signed)
    other[hole.end(1) - 9] = ord("7")
    assert codes(bytes(other)) == ["signature_broken"]


def append_page(writer):
    page = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Page"),
            generic.pdf_name("/MediaBox"): generic.ArrayObject(
                map(generic.NumberObject, (0, 0, 595, 842))
            ),
        }
    )
    writer.insert_page(page)


def change_page(writer):
    page = writer.find_page_for_modification(0)[0].get_object()
    stream = generic.StreamObject(stream_data=b"0 0 300 300 re f")
    page["/Contents"] = writer.add_object(stream)
    writer.update_container(page)


def add_note(writer):
    page = writer.find_page_for_modification(0)[0].get_object()
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(
                map(generic.NumberObject, (100, 100, 300, 200))
            ),
            generic.pdf_name("/Contents"): generic.pdf_string("99 ha"),
        }
    )
    page["/Annots"] = generic.ArrayObject([writer.add_object(note)])
    writer.update_container(page)


def add_file(writer):
    names = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    names.extend([generic.pdf_string("x"), generic.DictionaryObject()])
    writer.update_root()


def change_keywords(writer):
    writer.trailer["/Info"]["/Keywords"] = generic.pdf_string("sha256:" + "0" * 64)
    writer.update_container(writer.trailer["/Info"])


def take_out_form(writer):
    del writer.root["/AcroForm"]
    writer.update_root()


AFTERWARDS = {
    append_page: "signature_pages_added",
    change_page: "signature_pages_added",
    add_note: "signature_pages_added",
    add_file: "signature_pages_added",
    change_keywords: "evidence_changed",
    take_out_form: "signature_broken",
}


@pytest.mark.parametrize("change", AFTERWARDS)
def test_what_was_added_after_signing_is_noticed(change, signed, pdfsig):
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    assert AFTERWARDS[change] in codes(out.getvalue())
    for theirs in pdfsig(out.getvalue()):
        assert "Total document signed" not in theirs


def test_bytes_behind_the_end_are_noticed(signed):
    for tail in (b"\n", b"% hello\n", signed[-200:], signed):
        assert codes(signed + tail), tail[:20]


def test_two_sign_one_after_another(signed, authority, pdfsig):
    twice = signed_here(signed, paper.holder("Uji Coba Kedua", issuer=authority))
    proof = looked_at(twice, authority)
    assert (proof.flaws, proof.standing) == ((), Standing.ISSUER_KNOWN)
    first, second = proof.signatures
    assert (first.field, first.signer) == ("Signature1", "Uji Coba Tinjau")
    assert (first.added_after, first.covers_whole_file) == ("allowed", False)
    assert (second.field, second.signer) == ("Signature2", "Uji Coba Kedua")
    assert (second.added_after, second.shows_over) == ("nothing", False)
    assert [s["Signature Validation"] for s in pdfsig(twice)] == ["Signature is Valid."] * 2
    # The weakest of them counts.
    stranger = signed_here(signed, paper.holder("Uji Coba Lain"))
    assert looked_at(stranger, authority).standing is Standing.ISSUER_UNPROVEN


def test_a_later_mark_over_signed_pages_is_said(signed, authority):
    over = paper.signed_elsewhere(signed, paper.holder(issuer=authority), box=(50, 50, 500, 700))
    first, second = looked_at(over, authority).signatures
    assert not first.shows_over
    assert second.shows_over


# By whom.


@pytest.mark.parametrize("kind", ["rsa", "ec", "ed25519"])
def test_each_kind_of_key_signs(kind, report, authority):
    one, standing = only(signed_here(report, paper.holder(kind=kind, issuer=authority)), authority)
    assert standing is Standing.ISSUER_KNOWN
    assert one.intact


def test_who_issues_a_certificate_to_itself_is_unproven_until_known(report):
    alone = paper.holder("Uji Coba Sendiri")
    pdf = signed_here(report, alone)
    assert only(pdf)[1] is Standing.ISSUER_UNPROVEN
    assert only(pdf, paper.holder("Uji Coba Sendiri"))[1] is Standing.ISSUER_UNPROVEN
    assert only(pdf, alone)[1] is Standing.ISSUER_KNOWN


@pytest.mark.parametrize(
    "name",
    [
        "A < B & C",
        "[bold]%s {name} \\ (a) $x$ #let",
        "اختبار تينجاو",
        "Uji Coba " + "Panjang Sekali " * 3,
        "U" * 64,
        "Uji\u202e aboC",
    ],
)
def test_a_name_is_printed_and_never_obeyed(name, report, pdfsig):
    pdf = signed_here(report, paper.holder(name), reason=name)
    one, _ = only(pdf)
    assert one.signer == printable(name)
    assert "\u202e" not in one.signer
    (theirs,) = pdfsig(pdf)
    assert theirs["Signature Validation"] == "Signature is Valid."


def test_the_face_lies_in_the_reserved_box_with_its_own_font(signed):
    reader = PdfFileReader(io.BytesIO(signed))
    field = reader.root["/AcroForm"]["/Fields"][0]
    left, low, right, high = (float(number) for number in field["/Rect"])
    scale = 72 / 25.4
    assert (left, right) == pytest.approx((120 * scale, 190 * scale), abs=1)
    assert (high, low) == pytest.approx((841.89 - 200 * scale, 841.89 - 230 * scale), abs=1)
    assert field["/P"] == reader.root["/Pages"]["/Kids"][1]
    face = field["/AP"]["/N"]
    (inner,) = face["/Resources"]["/XObject"].values()
    (font,) = inner.get_object()["/Resources"]["/Font"].values()
    descriptor = font.get_object()["/DescendantFonts"][0]["/FontDescriptor"]
    assert "/FontFile2" in descriptor
    assert "/ToUnicode" in font.get_object()


def test_the_report_stays_what_it_was_for_archives_and_screen_readers(signed, report):
    before, after = (PdfFileReader(io.BytesIO(pdf)) for pdf in (report, signed))
    assert after.root["/Metadata"].data == before.root["/Metadata"].data
    assert after.root["/Metadata"].data.count(b"pdfaid:part") == 2
    field = after.root["/AcroForm"]["/Fields"][0]
    tree = after.root["/StructTreeRoot"]
    numbers = list(tree["/ParentTree"]["/Nums"])
    assert numbers[-2] == field["/StructParent"]
    form = numbers[-1].get_object()
    assert form["/S"] == "/Form"
    assert form["/K"]["/Obj"]["/T"] == "Signature1"
    assert int(field["/F"]) & 4, "it is printed"
    assert field["/TU"]


# When, and certificates that are no longer good.


def test_a_trusted_time_is_told_from_a_claimed_one(report, holder, authority):
    clock = paper.timestamping_holder(authority)
    stamper = DummyTimeStamper(tsa_cert=clock.asn1(), tsa_key=clock.asn1_key(), include_nonce=True)
    one, _ = only(paper.signed_elsewhere(report, holder, timestamper=stamper), authority)
    assert one.timestamp_at is not None
    assert one.timestamp_known
    other, _ = only(paper.signed_elsewhere(report, holder), authority)
    assert (other.timestamp_at, other.timestamp_known) == (None, False)
    assert other.claimed_at is not None


def test_a_signature_from_outside_its_certificate_s_days_is_disproved(report, authority):
    old = paper.holder(issuer=authority, first=-20, last=-1)
    assert codes(paper.signed_elsewhere(report, old), authority) == ["signature_outside_validity"]


def test_a_certificate_that_expired_since_is_said(report, monkeypatch):
    root = paper.holder("Uji Coba Penerbit", last=3650)
    holder = paper.holder(issuer=root, last=30)
    pdf = signed_here(report, holder)

    class Later(dt.datetime):
        @classmethod
        def now(cls, tz=None):
            return super().now(tz) + dt.timedelta(days=60)

    monkeypatch.setattr("inspection.evidence.examiner.datetime", Later)
    one, standing = only(pdf, root)
    assert one.expired
    assert standing is Standing.ISSUER_KNOWN


def test_a_revoked_certificate_is_disproved(signed, holder, authority):
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    store = DocumentSecurityStore(writer=writer)
    revoked = generic.StreamObject(stream_data=paper.revocation_of(holder, authority))
    store.crls.append(writer.add_object(revoked))
    writer.root["/DSS"] = writer.add_object(store.as_pdf_object())
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert codes(out.getvalue(), authority) == ["signature_revoked"]
    (one,) = looked_at(out.getvalue(), authority).signatures
    assert one.revoked


def test_a_method_that_can_be_forged_is_disproved(report, holder):
    assert "signature_weak" in codes(paper.signed_elsewhere(report, holder, md_algorithm="sha1"))


# Signed by other software.


def test_a_report_that_came_back_signed_by_other_software_is_examined(report, authority, pdfsig):
    rsa = paper.holder(kind="rsa", issuer=authority)
    for options in ({}, {"md_algorithm": "sha512"}, {"prefer_pss": True}):
        signer = {"prefer_pss": options.pop("prefer_pss", False)}
        pdf = paper.signed_elsewhere(report, rsa, signer=signer, **options)
        one, standing = only(pdf, authority)
        assert standing is Standing.ISSUER_KNOWN
        assert one.field == "Approval"
        (theirs,) = pdfsig(pdf)
        assert theirs["Signature Validation"] == "Signature is Valid."


def test_a_report_signed_by_hand_with_openssl_is_examined(report, authority, tmp_path, pdfsig):
    """Nothing of ours and nothing of pyHanko's in the signature: a bare CMS of OpenSSL's."""
    if shutil.which("openssl") is None:
        pytest.skip("needs the system package openssl")
    one = paper.holder("Uji Coba OpenSSL", kind="rsa", issuer=authority)
    pdf = paper.signed_by_hand(report, one, tmp_path)
    signature, standing = only(pdf, authority)
    assert (signature.signer, standing) == ("Uji Coba OpenSSL", Standing.ISSUER_KNOWN)
    (theirs,) = pdfsig(pdf)
    assert theirs["Signature Validation"] == "Signature is Valid."
    other = bytearray(pdf)
    other[paper.page_at(report)] ^= 1
    assert codes(bytes(other)) == ["signature_broken"]


def test_certificates_that_cannot_be_read_are_refused(tmp_path):
    path = tmp_path / "known.pem"
    path.write_text("hello")
    with pytest.raises(RefusedError, match="trust_unreadable"):
        known_issuers([path])
    with pytest.raises(RefusedError, match="input_missing"):
        known_issuers([tmp_path / "none.pem"])


def test_the_process_finds_what_is_found_without_it(signed, authority):
    known = [authority.certificate.public_bytes(paper.DER)]
    assert examined(signed, trust=known) == looked_at(signed, authority)


def test_the_font_of_the_signature_is_there():
    assert Path(REPORT_FONT).is_file()
