"""`tinjau audit` and `tinjau verify` of a log: what an office hands out, and who doubts it."""

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from inspection.__main__ import app
from inspection.errors import DisprovedError, RefusedError, UsageError
from inspection.evidence.canonical import canonical_bytes
from inspection.evidence.chain import NOTHING, linked
from inspection.evidence.head import signed_head
from inspection.evidence.head_key import installation_key, public_pem
from inspection.objects.folder import FolderObjects
from inspection.records.audit import INSTALLATION, Deed, record
from inspection.records.columns import now
from inspection.records.engine import open_engine
from inspection.records.migrations.upgrade import upgrade
from inspection.records.store import Records
from inspection.records.tables.offices import Office
from inspection.upkeep.signing import Signer, audit_key

REPORT = "ab" * 32


@pytest.fixture
def home(tmp_path: Path, monkeypatch) -> Path:
    """An installation in a folder, with a second place for its heads."""
    for name, value in {
        "DATA": tmp_path / "data",
        "LANGUAGE": "en",
        "AUDIT_HEADS": tmp_path / "elsewhere",
    }.items():
        monkeypatch.setenv(f"TINJAU_{name}", str(value))
    return tmp_path


@pytest.fixture
def records(home: Path):
    (home / "data").mkdir()
    engine = open_engine(f"sqlite:///{home / 'data' / 'records.db'}")
    upgrade(engine)
    records = Records(engine)
    office = Office(code="a", name="A", time_zone="Asia/Jakarta", profile="generic", language="id")
    with records.writing_all() as session:
        session.add(office)
    for number in range(5):
        facts = {"sha256": REPORT} if number == 2 else {"n": number}
        deed = Deed(action="inspection.done", subject_kind="x", subject_id="y", facts=facts)
        with records.writing(office.id) as session:
            record(session, deed, actor=None)
    yield records
    engine.dispose()


@pytest.fixture
def tinjau(capsys):
    def run(*words) -> str:
        app(list(map(str, words)), standalone_mode=False)
        return capsys.readouterr().out

    return run


@pytest.fixture
def log(records, home, tinjau) -> Path:  # noqa: ARG001 - which are there before it
    tinjau("audit", "head")
    (home / "key.pem").write_text(tinjau("audit", "key"))
    tinjau("audit", "export", "--out", home / "log.jsonl")
    return home / "log.jsonl"


def test_a_log_that_left_is_proven_by_the_key_that_was_noted(log, home, tinjau, monkeypatch):
    monkeypatch.setenv("TINJAU_DATA", str(home / "another machine"))
    assert log.stat().st_mode & 0o777 == 0o600
    with pytest.raises(UsageError, match="audit_key_needed"):
        tinjau("verify", log)
    said = tinjau("verify", log, "--key", home / "key.pem", "--head", home / "elsewhere")
    assert "The log holds: 6 events" in said
    assert "Held against 3 signed heads" in said  # that of the day twice, that of the export
    monkeypatch.setenv("TINJAU_AUDIT_TRUST", str(home / "key.pem"))
    told = json.loads(tinjau("verify", log, "--json"))["log"]
    assert (told["end"]["seq"], told["covered"], told["flaws"]) == (6, 6, [])
    with pytest.raises(RefusedError, match="audit_key_unreadable"):
        tinjau("verify", log, "--key", log)
    with pytest.raises(RefusedError, match="audit_heads_absent"):
        tinjau("verify", log, "--head", home / "data")
    with pytest.raises(RefusedError, match="audit_head_unreadable"):
        tinjau("verify", log, "--head", home / "key.pem")
    with pytest.raises(UsageError, match="out_exists"):
        tinjau("audit", "export", "--out", log)
    (home / "nothing").touch()
    with pytest.raises(RefusedError, match="audit_log_empty"):
        tinjau("verify", home / "nothing")
    with pytest.raises(UsageError, match="two_logs"):
        tinjau("verify", log, "--log", log)


def events(lines):
    return [number for number, line in enumerate(lines) if line.startswith(b'{"event"')]


def edit(lines):
    at = events(lines)[3]
    lines[at] = lines[at].replace(b'"n":3', b'"n":4')
    return lines


def without(lines):
    del lines[events(lines)[3]]
    return lines


def swapped(lines):
    a, b = events(lines)[2:4]
    lines[a], lines[b] = lines[b], lines[a]
    return lines


def cut(lines):
    return [line for line in lines if not line.startswith(b'{"head"')][:3]


DAMAGES = {
    edit: "audit_event_changed",
    without: "audit_event_out_of_line",
    swapped: "audit_event_out_of_line",
    cut: "audit_head_contradicted",
}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda one: one.__name__)
def test_a_log_that_was_tampered_with_is_told(log, home, tinjau, damage):
    lines = damage(log.read_bytes().splitlines())
    log.chmod(0o600)
    log.write_bytes(b"\n".join(lines) + b"\n")
    with pytest.raises(DisprovedError, match=DAMAGES[damage]):
        tinjau("verify", log, "--head", home / "elsewhere")


def test_a_log_written_anew_is_told_by_a_head_that_somebody_kept(log, home, tinjau):
    # Whoever has the database and the key writes all of it anew, and signs it.
    key = installation_key(home / "data" / "audit-key.pem")
    old = [json.loads(line)["event"] for line in log.read_bytes().splitlines()[2:]]
    end, lines = NOTHING, []
    for one in old:
        event = {**one, "facts": {"n": 99}}
        link = linked(end, event, chain=one["chain"], at=one["at"])
        end = link.end
        lines.append(canonical_bytes({"event": link.event, "hash": link.hash}))
    day = date(2026, 3, 1)
    head = signed_head(end, chain=old[0]["chain"], day=day, at="2026-03-01T00:00:00Z", key=key)
    anew = home / "anew.jsonl"
    anew.write_bytes(b"\n".join([head.line, *lines]))
    assert "holds" in tinjau("verify", anew)
    with pytest.raises(DisprovedError, match="audit_head_contradicted"):
        tinjau("verify", anew, "--head", home / "elsewhere")
    other = installation_key(home / "other.pem")
    (home / "other.pub").write_bytes(public_pem(other.public_key()))
    with pytest.raises(DisprovedError, match="audit_head_unsigned"):
        tinjau("verify", anew, "--key", home / "other.pub")


def test_a_report_is_found_in_the_log_or_not(log, home, tinjau, monkeypatch):
    from inspection import wiring  # noqa: PLC0415
    from inspection.evidence.verify import Proof  # noqa: PLC0415

    (home / "result").mkdir()
    (home / "result" / "manifest.json").touch()

    def proof(sha256):
        proven = Proof(inspection="TJ-1", report_sha256=sha256, files=1, flaws=())
        monkeypatch.setattr(wiring, "folder_proof", lambda _: proven)

    proof(REPORT)
    said = tinjau("verify", home / "result", "--log", log)
    assert "Event 3, " in said
    assert "inspection.done; under the signed head of " in said
    proof("cd" * 32)
    with pytest.raises(DisprovedError, match="report_not_in_log"):
        tinjau("verify", home / "result", "--log", log)


def test_heads_are_copied_when_the_second_place_is_back_and_never_overwritten(records, home):
    elsewhere = home / "elsewhere"
    elsewhere.write_text("in the way")
    key = audit_key(records, home / "data" / "audit-key.pem")

    def sign(days=0):
        signer = Signer(records=records, key=key, place=FolderObjects(elsewhere))
        return signer.sign(now() + timedelta(days=days))

    with pytest.raises(Exception, match="storage_failed"):
        sign()
    elsewhere.unlink()
    assert sign() == []  # signed before, copied now
    assert len(list(elsewhere.glob("audit-head-*.json"))) == 2
    assert len(sign(days=1)) == 2
    names = sorted(path.name for path in elsewhere.glob("audit-*"))
    assert len(names) == 5  # and the public key
    changed = elsewhere / names[0]
    changed.chmod(0o600)
    changed.write_bytes(changed.read_bytes().replace(b'"seq":', b'"seq":1'))
    with pytest.raises(DisprovedError, match="audit_head_contradicted"):
        sign(days=2)


def test_one_installation_signs_with_one_key(records, home, tinjau):
    path = home / "data" / "audit-key.pem"
    first = audit_key(records, path)
    path.rename(home / "lost.pem")
    with pytest.raises(UsageError, match="audit_key_missing"):
        tinjau("audit", "head")
    assert not path.exists()
    installation_key(path)
    with pytest.raises(UsageError, match="audit_key_differs"):
        tinjau("audit", "export", "--out", home / "log.jsonl")
    assert tinjau("audit", "head", "--new-key").startswith("Signed: 2 heads")
    assert tinjau("audit", "head").startswith("The heads of today are signed already")
    assert tinjau("audit", "key").count("BEGIN PUBLIC KEY") == 2
    assert public_pem(first.public_key()).decode() in tinjau("audit", "key")
    os.chmod(path, 0o644)  # noqa: PTH101 - what somebody types
    with pytest.raises(RefusedError, match="audit_key_exposed"):
        tinjau("audit", "key")


@pytest.mark.usefixtures("log")
def test_the_chain_of_the_installation_leaves_too(home, tinjau):
    out = home / "own.jsonl"
    tinjau("audit", "export", "--installation", "--out", out)
    first = json.loads(out.read_bytes().splitlines()[-2])["event"]
    assert (first["chain"], first["action"]) == (str(INSTALLATION), "audit.key_taken")
    assert "holds" in tinjau("verify", out)
    with pytest.raises(RefusedError, match="office_unknown"):
        tinjau("audit", "export", "--office", "b", "--out", home / "none")


def test_keys_that_were_lost_still_count_where_the_records_know_them(log, home, tinjau):  # noqa: ARG001
    (home / "data" / "audit-key.pem").unlink()
    tinjau("audit", "head", "--new-key")
    tinjau("audit", "export", "--out", home / "relog.jsonl")
    assert "The log holds" in tinjau("verify", home / "relog.jsonl")
    with pytest.raises(DisprovedError, match="audit_head_unsigned"):
        tinjau("verify", home / "relog.jsonl", "--key", home / "data" / "audit-key.pem")


def test_nothing_lies_under_a_head_that_a_broken_chain_leads_to(
    log, home, tinjau, monkeypatch, capsys
):
    from inspection import wiring  # noqa: PLC0415
    from inspection.evidence.verify import Proof  # noqa: PLC0415

    (home / "result").mkdir()
    (home / "result" / "manifest.json").touch()
    proven = Proof(inspection="TJ-1", report_sha256=REPORT, files=1, flaws=())
    monkeypatch.setattr(wiring, "folder_proof", lambda _: proven)
    log.write_bytes(b"\n".join(edit(log.read_bytes().splitlines())) + b"\n")
    other = installation_key(home / "other.pem")
    (home / "other.pub").write_bytes(public_pem(other.public_key()))
    for keys in ([], ["--key", home / "other.pub"]):
        with pytest.raises(DisprovedError):
            tinjau("verify", home / "result", "--log", log, *keys)
        said = capsys.readouterr().out
        assert "under the signed head" not in said
        assert "Event 3, " in said
        assert "nothing vouches for it" in said


def test_a_file_that_is_no_key_or_no_log_is_named(log, home, tinjau, monkeypatch):
    from inspection import wiring  # noqa: PLC0415
    from inspection.evidence.verify import Proof  # noqa: PLC0415

    (home / "report.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(RefusedError, match="audit_key_unreadable") as refused:
        tinjau("verify", log, "--key", home / "report.pdf")
    assert refused.value.file == "report.pdf"
    with pytest.raises(RefusedError, match="input_missing") as refused:
        tinjau("verify", log, "--key", home / "absent.pem")
    assert refused.value.file == "absent.pem"
    (home / "result").mkdir()
    (home / "result" / "manifest.json").touch()
    proven = Proof(inspection="TJ-1", report_sha256=REPORT, files=1, flaws=())
    monkeypatch.setattr(wiring, "folder_proof", lambda _: proven)
    with pytest.raises(RefusedError, match="audit_log_not_ours") as refused:
        tinjau("verify", home / "result", "--log", home / "key.pem")
    assert refused.value.file == "key.pem"
