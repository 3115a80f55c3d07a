"""The audit log: what it keeps with the deed, and which tampering it shows."""

import json
import threading
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from geo.errors import RefusedError
from inspection.evidence.audit_log import verify_log
from inspection.evidence.canonical import canonical_bytes
from inspection.evidence.chain import NOTHING, commitment, linked
from inspection.evidence.head import (
    head_from,
    installation_key,
    public_key,
    public_pem,
    signed_head,
)
from inspection.records.audit import (
    INSTALLATION,
    Deed,
    examined,
    log,
    misquoted,
    record,
    sign_heads,
)
from inspection.records.tables.audit import AuditChain, AuditEvent, AuditPrivate
from inspection.records.tables.permits import Permit

KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key()


def codes(proof):
    return [flaw.code for flaw in proof.flaws]


def deed(number, **more):
    return Deed(
        action="permit.read",
        subject_kind="permit",
        subject_id=f"p{number % 3}",
        facts={"n": number, "share": 1e300, "words": "Ä \u2028"},
        **more,
    )


@pytest.fixture
def events(world):
    """Ten events of one office, and two of another."""
    for number in range(10):
        with world.records.writing(world.here) as session:
            record(session, deed(number), actor="somebody")
    with world.records.writing(world.there) as session:
        record(session, deed(0), actor=None)
        record(session, deed(1), actor=None)
    return world


def tamper(world, *statements):
    """Write as whoever owns the database could: past the rules it keeps."""
    with world.engine.begin() as connection:
        if world.engine.dialect.name == "sqlite":
            for verb in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER audit_events_no_{verb}")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for statement in statements:
            connection.exec_driver_sql(statement)


def proof_of(world, **more):
    with world.records.reading(world.here) as session:
        return examined(session, world.here, key=PUBLIC, **more)


def test_an_untouched_chain_holds_and_each_office_has_its_own(events):
    proof = proof_of(events)
    assert (codes(proof), proof.end.seq, proof.chain) == ([], 10, str(events.here))
    with events.records.reading(events.there) as session:
        assert len(list(log(session, events.there))) == 2
        assert list(log(session, events.here)) == []  # another office's log is absent
        assert misquoted(session, events.there) == []


def test_an_event_is_kept_with_its_deed_or_not_at_all(events):
    def fail_after_writing():
        with events.records.writing(events.here) as session:
            session.add(Permit(reference="gone"))
            record(session, deed(11), actor=None)
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_writing()
    with events.records.writing(events.here) as session:
        assert session.scalars(select(Permit)).all() == []
        session.add(Permit(reference="kept"))
        record(session, deed(12), actor=None)
        record(session, deed(13), actor=None)
    assert (codes(proof_of(events)), proof_of(events).end.seq) == ([], 12)


def test_the_database_itself_refuses_to_change_an_event(events):
    for statement in ("UPDATE audit_events SET content = '{}'", "DELETE FROM audit_events"):
        with pytest.raises(DBAPIError, match="refused"), events.engine.begin() as connection:
            connection.execute(text(statement))


HERE = "chain = (SELECT chain FROM audit_chains WHERE seq = 10)"
TAMPERINGS = {
    "edit": (
        [
            f"UPDATE audit_events SET content = replace(content, 'n\":4', 'n\":5') WHERE {HERE}",
        ],
        ["audit_event_changed"],
    ),
    "edit with its hash": (
        [f"UPDATE audit_events SET hash = '{'a' * 64}' WHERE seq = 5 AND {HERE}"],
        ["audit_event_changed", "audit_event_out_of_line"],
    ),
    "delete": ([f"DELETE FROM audit_events WHERE seq = 5 AND {HERE}"], ["audit_event_out_of_line"]),
    "delete the first": (
        [f"DELETE FROM audit_events WHERE seq = 1 AND {HERE}"], ["audit_event_out_of_line"],
    ),
    "swap": (
        [f"UPDATE audit_events SET seq = {a} WHERE seq = {b} AND {HERE}"
         for a, b in ((99, 5), (5, 6), (6, 99))],
        ["audit_event_out_of_line"] * 3,
    ),
    "nonsense": (
        [f"UPDATE audit_events SET content = 'x' WHERE seq = 5 AND {HERE}"],
        ["audit_line_unreadable", "audit_event_out_of_line"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", TAMPERINGS)
def test_the_chain_shows(events, how):
    statements, expected = TAMPERINGS[how]
    tamper(events, *statements)
    assert codes(proof_of(events)) == expected


def test_a_column_that_says_something_else_than_its_event_is_found(events):
    tamper(events, f"UPDATE audit_events SET actor = 'nobody' WHERE seq = 5 AND {HERE}")
    assert codes(proof_of(events)) == []
    with events.records.reading(events.here) as session:
        assert [flaw.file for flaw in misquoted(session, events.here)] == ["audit_events#5"]


def test_a_cut_tail_is_shown_by_the_heads_alone(events):
    with events.records.writing_all() as session:
        kept = sign_heads(session, date(2026, 3, 1), KEY)
        assert len(kept) == 2
    with events.records.writing_all() as session:
        assert sign_heads(session, date(2026, 3, 1), KEY) == []  # once a day
    assert (codes(proof_of(events)), proof_of(events).heads) == ([], 1)
    tamper(
        events,
        f"DELETE FROM audit_events WHERE seq > 8 AND {HERE}",
    )
    assert codes(proof_of(events)) == ["audit_head_contradicted"]
    with events.records.reading(events.here) as session:
        without_heads = [line for line in log(session, events.here) if b'"head"' not in line]
    assert verify_log(without_heads, name="log", key=PUBLIC).flaws == ()
    held = verify_log(without_heads, name="log", key=PUBLIC, heads=kept)
    assert (codes(held), held.heads) == (["audit_head_contradicted"], 1)
    cut = verify_log([], name="log", key=PUBLIC, heads=kept[:1])
    assert codes(cut) == ["audit_head_contradicted"]


def rewritten(count, *, different):
    """A log that holds together from its first event, as whoever owns the database could write."""
    end, lines = NOTHING, []
    for number in range(count):
        event = {"n": number, "different": different, "subject_id": f"p{number}"}
        link = linked(end, event, chain="c", at=f"2026-01-01T00:00:{number:02}.000000Z")
        end = link.end
        lines.append(canonical_bytes({"event": link.event, "hash": link.hash}))
    return end, lines


def test_a_log_written_anew_is_shown_by_the_heads_alone():
    end, _ = rewritten(5, different=False)
    head = signed_head(end, chain="c", day=date(2026, 1, 1), at="2026-01-01T01:00:00Z", key=KEY)
    _, lines = rewritten(7, different=True)
    assert verify_log(lines, name="log", key=PUBLIC).flaws == ()
    proof = verify_log(lines, name="log", key=PUBLIC, heads=[head])
    assert codes(proof) == ["audit_head_contradicted"]


def test_a_head_by_another_key_counts_for_nothing():
    end, lines = rewritten(3, different=False)
    other = Ed25519PrivateKey.generate()
    head = signed_head(end, chain="c", day=date(2026, 1, 1), at="2026-01-01T01:00:00Z", key=other)
    proof = verify_log([head.line, *lines], name="log", key=PUBLIC)
    assert (codes(proof), proof.heads) == (["audit_head_unsigned"], 0)
    changed = head.line.replace(b'"seq":3', b'"seq":2')
    assert codes(verify_log([changed, *lines], name="log", key=other.public_key())) == [
        "audit_head_unsigned"
    ]


def test_where_something_stands_in_the_log_is_told():
    _, lines = rewritten(5, different=False)
    assert verify_log(lines, name="log", key=PUBLIC, seeking="p3").places == (4,)


@pytest.mark.parametrize("line", [b"", b"{}", b"[1]", b'{"event":{},"hash":""}', b'{"head": 1}'])
def test_a_line_that_is_none_is_named(line):
    _, lines = rewritten(2, different=False)
    proof = verify_log([*lines, line], name="log", key=PUBLIC)
    assert [(f.code, f.file) for f in proof.flaws] == [("audit_line_unreadable", "log#line-3")]


def test_any_one_byte_changed_anywhere_in_a_log_is_found():
    end, lines = rewritten(2, different=False)
    head = signed_head(end, chain="c", day=date(2026, 1, 1), at="2026-01-01T01:00:00Z", key=KEY)
    whole = b"\n".join([head.line, *lines])
    assert verify_log(whole.split(b"\n"), name="log", key=PUBLIC).flaws == ()
    missed = []
    for at in range(len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 1
        if not verify_log(bytes(changed).split(b"\n"), name="log", key=PUBLIC).flaws:
            missed.append(at)
    assert missed == []


def test_personal_facts_can_be_erased_and_the_chain_still_holds(world):
    with world.records.writing(world.here) as session:
        record(session, deed(1, private={"phone": "0800"}), actor=None)
    with world.records.writing(world.here) as session:
        kept = session.scalars(select(AuditPrivate)).one()
        event = json.loads(session.scalars(select(AuditEvent)).one().content)
        assert event["private_sha256"] == commitment(kept.salt, {"phone": "0800"})
        assert "0800" not in json.dumps(event)
        session.delete(kept)
    assert codes(proof_of(world)) == []


def test_appends_at_once_follow_in_line(world):
    def append():
        for number in range(5):
            with world.records.writing(world.here) as session:
                record(session, deed(number), actor=None)

    threads = [threading.Thread(target=append) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (codes(proof_of(world)), proof_of(world).end.seq) == ([], 30)


def test_the_installation_has_a_chain_of_its_own(world):
    with world.records.writing_all() as session:
        record(session, deed(1), actor=None)
    with world.records.reading_all() as session:
        assert examined(session, INSTALLATION, key=PUBLIC).end.seq == 1
        assert session.scalars(select(AuditChain.chain)).all() == [INSTALLATION]
    with world.records.reading(world.here) as session:
        assert session.scalars(select(AuditChain)).all() == []


def test_the_key_is_made_once_and_read_again(tmp_path):
    path = tmp_path / "key.pem"
    key = installation_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert public_pem(installation_key(path).public_key()) == public_pem(key.public_key())
    head = signed_head(NOTHING, chain="c", day=date(2026, 1, 1), at="now", key=key)
    assert head_from(head.line).is_by(public_key(public_pem(key.public_key())))
    path.write_bytes(b"none")
    with pytest.raises(RefusedError, match="audit_key_unreadable"):
        installation_key(path)
    with pytest.raises(RefusedError, match="audit_key_unreadable"):
        public_key(b"none")
