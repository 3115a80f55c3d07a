"""The audit log: what it keeps with the deed, and which tampering it shows."""

import json
import threading
from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from geo.errors import RefusedError
from inspection.evidence.audit_log import verify_log
from inspection.evidence.canonical import canonical_bytes
from inspection.evidence.chain import NOTHING, commitment, linked
from inspection.evidence.head import head_from, signed_head
from inspection.evidence.head_key import fingerprint, installation_key, public_keys, public_pem
from inspection.records.audit import INSTALLATION, Deed, log, misquoted, record
from inspection.records.audit_reading import examined, examined_part
from inspection.records.heads import known_keys, sign_heads, take_key
from inspection.records.tables.audit import AuditChain, AuditEvent, AuditPrivate
from inspection.records.tables.permits import Permit

KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key()
MARCH = datetime(2026, 3, 1, 12, tzinfo=UTC)


def codes(proof):
    return [flaw.code for flaw in proof.flaws]


def deed(number, **more):
    return Deed(
        action="file.read",
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
        return examined(session, world.here, keys=[PUBLIC], **more)


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
        kept = sign_heads(session, KEY, at=MARCH)
        assert len(kept) == 2
    with events.records.writing_all() as session:
        assert sign_heads(session, KEY, at=MARCH) == []  # once a day
    assert (codes(proof_of(events)), proof_of(events).heads) == ([], 1)
    tamper(
        events,
        f"DELETE FROM audit_events WHERE seq > 8 AND {HERE}",
    )
    assert codes(proof_of(events)) == ["audit_head_contradicted"]
    with events.records.reading(events.here) as session:
        without_heads = [line for line in log(session, events.here) if b'"head"' not in line]
    assert verify_log(without_heads, name="log", keys=[PUBLIC]).flaws == ()
    held = verify_log(without_heads, name="log", keys=[PUBLIC], heads=kept)
    assert (codes(held), held.heads) == (["audit_head_contradicted"], 1)
    cut = verify_log([], name="log", keys=[PUBLIC], heads=kept[:1])
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
    assert verify_log(lines, name="log", keys=[PUBLIC]).flaws == ()
    proof = verify_log(lines, name="log", keys=[PUBLIC], heads=[head])
    assert codes(proof) == ["audit_head_contradicted"]


def test_a_head_by_another_key_counts_for_nothing():
    end, lines = rewritten(3, different=False)
    other = Ed25519PrivateKey.generate()
    head = signed_head(end, chain="c", day=date(2026, 1, 1), at="2026-01-01T01:00:00Z", key=other)
    proof = verify_log([head.line, *lines], name="log", keys=[PUBLIC])
    assert (codes(proof), proof.heads) == (["audit_head_unsigned"], 0)
    changed = head.line.replace(b'"seq":3', b'"seq":2')
    assert codes(verify_log([changed, *lines], name="log", keys=[other.public_key()])) == [
        "audit_head_unsigned"
    ]


def test_where_something_stands_in_the_log_is_told():
    _, lines = rewritten(5, different=False)
    assert verify_log(lines, name="log", keys=[PUBLIC], seeking="p3").places[0].seq == 4


@pytest.mark.parametrize("line", [b"", b"{}", b"[1]", b'{"event":{},"hash":""}', b'{"head": 1}'])
def test_a_line_that_is_none_is_named(line):
    _, lines = rewritten(2, different=False)
    proof = verify_log([*lines, line], name="log", keys=[PUBLIC])
    assert [(f.code, f.file) for f in proof.flaws] == [("audit_line_unreadable", "log#line-3")]


def test_any_one_byte_changed_anywhere_in_a_log_is_found():
    end, lines = rewritten(2, different=False)
    head = signed_head(end, chain="c", day=date(2026, 1, 1), at="2026-01-01T01:00:00Z", key=KEY)
    whole = b"\n".join([head.line, *lines])
    assert verify_log(whole.split(b"\n"), name="log", keys=[PUBLIC]).flaws == ()
    missed = []
    for at in range(len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 1
        if not verify_log(bytes(changed).split(b"\n"), name="log", keys=[PUBLIC]).flaws:
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


@pytest.mark.parametrize("first", ["outside", "within"])
def test_events_of_a_savepoint_that_is_taken_back_leave_no_gap(world, first):
    with world.records.writing(world.here) as session:
        if first == "outside":
            record(session, deed(0), actor=None)
        for number in (1, 2):
            with pytest.raises(ZeroDivisionError), session.begin_nested():
                record(session, deed(number), actor=None)
                record(session, deed(number), actor=None)
                raise ZeroDivisionError
            record(session, deed(number), actor=None)
    count = 2 + (first == "outside")
    proof = proof_of(world)
    assert (codes(proof), proof.end.seq) == ([], count)
    with world.records.writing(world.here) as session:
        record(session, deed(9), actor=None)
    assert proof_of(world).end.seq == count + 1


def test_the_installation_has_a_chain_of_its_own(world):
    with world.records.writing_all() as session:
        record(session, deed(1), actor=None)
    with world.records.reading_all() as session:
        assert examined(session, INSTALLATION, keys=[PUBLIC]).end.seq == 1
        assert session.scalars(select(AuditChain.chain)).all() == [INSTALLATION]
    with world.records.reading(world.here) as session:
        assert session.scalars(select(AuditChain)).all() == []


def test_the_key_is_made_once_and_read_again(tmp_path):
    path = tmp_path / "key.pem"
    key = installation_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    pem = public_pem(key.public_key())
    assert public_pem(installation_key(path).public_key()) == pem
    head = signed_head(NOTHING, chain="c", day=date(2026, 1, 1), at="now", key=key)
    assert head_from(head.line).is_by(public_keys(pem + pem))
    assert head.stated["key_sha256"] == fingerprint(*public_keys(path.read_bytes()))
    assert list(tmp_path.iterdir()) == [path]
    path.chmod(0o640)
    with pytest.raises(RefusedError, match="audit_key_exposed"):
        installation_key(path)
    path.chmod(0o600)
    path.write_bytes(b"none")
    with pytest.raises(RefusedError, match="audit_key_unreadable"):
        installation_key(path)
    for nothing in (b"none", pem.replace(b"MCow", b"MCov"), b""):
        with pytest.raises(RefusedError, match="audit_key_unreadable"):
            public_keys(nothing)


def test_a_head_is_of_the_day_of_its_office(events):
    def days(at):
        with events.records.writing_all() as session:
            signed = sign_heads(session, KEY, at=at)
        return {head.stated["chain"]: head.stated["day"] for head in signed}

    # Bandung is 7 hours before UTC, Bontang 8: at 16:30 the new day has begun in one of them.
    assert days(datetime(2026, 3, 1, 16, 30, tzinfo=UTC)) == {
        str(events.here): "2026-03-01",
        str(events.there): "2026-03-02",
    }
    assert days(datetime(2026, 3, 1, 17, 30, tzinfo=UTC)) == {str(events.here): "2026-03-02"}
    assert days(datetime(2026, 3, 2, 15, 59, tzinfo=UTC)) == {}


def test_processes_that_sign_at_once_make_one_head_a_day(events):
    made = []

    def sign():
        with events.records.writing_all() as session:
            made.extend(sign_heads(session, KEY, at=MARCH))

    threads = [threading.Thread(target=sign) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 2


def test_a_part_of_a_chain_is_proven_with_what_goes_before_it(events):
    with events.records.writing_all() as session:
        sign_heads(session, KEY, at=MARCH)

    def part(first, most=4):
        with events.records.reading(events.here) as session:
            found = examined_part(session, events.here, keys=[PUBLIC], first=first, most=most)
        return found.first, found.last, found.after, [flaw.code for flaw in found.flaws]

    assert part(None) == (7, 10, None, [])
    assert [part(first) for first in (1, 5, 9)] == [
        (1, 4, 5, []), (5, 8, 9, []), (9, 10, None, []),
    ]  # fmt: skip
    assert part(11) == (11, 10, None, [])
    tamper(events, f"DELETE FROM audit_events WHERE seq = 5 AND {HERE}")
    assert [part(first)[3] for first in (1, 5, 9)] == [[], ["audit_event_out_of_line"], []]
    assert part(6)[3] == ["audit_event_out_of_line"]
    with events.engine.begin() as connection:
        if events.engine.dialect.name != "sqlite":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql(f"DELETE FROM audit_events WHERE seq > 8 AND {HERE}")
    assert part(7)[3] == ["audit_head_contradicted", "audit_event_out_of_line"]


def test_the_keys_that_were_taken_are_known_by_the_record(world):
    other = Ed25519PrivateKey.generate().public_key()
    for key in (PUBLIC, other, PUBLIC):
        with world.records.writing_all() as session:
            take_key(session, key)
    with world.records.reading_all() as session:
        assert list(map(fingerprint, known_keys(session))) == [
            fingerprint(PUBLIC), fingerprint(other),
        ]  # fmt: skip
