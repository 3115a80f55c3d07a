"""Messages to a record system: signed, repeated, given up, and held by one sender at a time."""

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections import Counter
from datetime import timedelta
from threading import Event

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import select

from inspection.delivery import outbox
from inspection.delivery.attaching import attach
from inspection.delivery.deliverer import deliver
from inspection.delivery.fetching import fetched
from inspection.delivery.outbox import MOST_ATTEMPTS, mark_delivered, send_again, take_message
from inspection.delivery.webhook import receiver_of
from inspection.errors import AbsentError, ConflictError, UsageError
from inspection.objects.folder import FolderObjects
from inspection.records.columns import now
from inspection.records.tables.audit import AuditEvent
from inspection.records.tables.delivery import FetchToken, OutboxMessage
from inspection.records.tables.inspections import DecisionOutcome
from inspection.settings import Settings
from tests.inspection.records.filed import file_report, inspected_permit
from tests.inspection.records.receiver import (
    LONG_S,
    one_byte_now_and_then,
    record_system,
    silence,
    status,
)

KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
ADDRESS = "https://tinjau.example"


@pytest.fixture
def objects(tmp_path):
    return FolderObjects(tmp_path / "objects")


@pytest.fixture
def attached(world, objects):
    """Attaches a new report, and so leaves a message; gives the report."""

    def put():
        with world.records.writing(world.here) as session:
            run = inspected_permit(session, objects, by=world.inspector)
            outcome = DecisionOutcome.APPROVED
            decided = {"outcome": outcome, "decided_by": world.reviewer}
            report = file_report(session, objects, run, **decided)
            attach(session, report, by=world.reviewer, role="reviewer")
            return report

    return put


def receiver(url, seconds=5.0):
    return receiver_of(
        Settings(
            webhook_url=url, webhook_secret=SECRET, address=ADDRESS + "/", webhook_seconds=seconds
        )
    )


def message(world):
    with world.records.reading(world.here) as session:
        return session.scalars(select(OutboxMessage)).one()


def due_now(world):
    """As if the time to wait was over."""
    with world.records.writing(world.here) as session:
        for one in session.scalars(select(OutboxMessage)):
            one.next_at = now() - timedelta(seconds=1)


def actions(world):
    with world.records.reading(world.here) as session:
        return Counter(session.scalars(select(AuditEvent.action)))


def signature_by_hand(call, key):
    signed = f"{call.headers['webhook-id']}.{call.headers['webhook-timestamp']}.".encode()
    return "v1," + base64.b64encode(hmac.digest(key, signed + call.body, hashlib.sha256)).decode()


def test_one_that_fails_twice_gets_the_same_message_a_third_time(world, objects, attached):
    report = attached()
    with record_system(status(500), status(503, Retry_After="7200"), status(204)) as system:
        to = receiver(system.url)
        for attempt in (1, 2):
            due_now(world)
            assert deliver(world.records, objects, to, Event()) == 0
            failed = message(world)
            assert (failed.attempts, failed.delivered_at) == (attempt, None)
            assert failed.problem["code"] == "receiver_refuses"
            assert failed.next_at > now() + timedelta(seconds=10), "not at once"
        assert failed.next_at > now() + timedelta(seconds=7000), "as it asked"
        assert deliver(world.records, objects, to, Event()) == 0, "it is not its turn"
        assert len(system.calls) == 2
        due_now(world)
        assert deliver(world.records, objects, to, Event()) == 1
        due_now(world)
        assert deliver(world.records, objects, to, Event()) == 0, "it arrived"
    done = message(world)
    assert (done.attempts, done.problem, done.held_until) == (3, None, None)
    assert done.delivered_at is not None
    assert actions(world)["message.delivered"] == 1
    assert {call.headers["webhook-id"] for call in system.calls} == {str(done.id)}
    for call in system.calls:
        assert call.path == "/hook?from=tinjau"
        assert abs(int(call.headers["webhook-timestamp"]) - time.time()) < 60
        assert call.headers["webhook-signature"] == signature_by_hand(call, KEY)
        assert call.headers["webhook-signature"] != signature_by_hand(call, KEY[::-1])
    told = json.loads(system.calls[-1].body)
    assert told["type"] == "report.attached"
    assert told["data"]["receipt"]["report"]["sha256"] == report.sha256
    file = told["data"]["file"]
    assert file["sha256"] == report.files["report-light.pdf"]
    assert file["size"] == len(b"".join(objects.stream(file["sha256"])))


def test_what_a_message_links_opens_one_paper_for_a_while(world, objects, attached):
    report, _other = attached(), attached()
    with record_system(status(200)) as system:
        deliver(world.records, objects, receiver(system.url), Event())
    links = [json.loads(call.body)["data"]["file"]["url"] for call in system.calls]
    assert len(set(links)) == 2
    assert links[0].startswith(f"{ADDRESS}/api/v1/fetches/")
    secret = links[0].rpartition("/")[2]
    assert fetched(world.records, secret).id == report.id
    assert actions(world)["file.read"] == 1
    for wrong in ("", "x", secret[:-1], secret + "A", secret.swapcase(), "\udc80"):
        with pytest.raises(AbsentError):
            fetched(world.records, wrong)
    with world.records.writing(world.here) as session:
        keys = session.scalars(select(FetchToken)).all()
        assert secret not in {key.secret_sha256 for key in keys}
        assert all(key.expires_at <= now() + timedelta(hours=1) for key in keys)
        for key in keys:
            key.expires_at = now() - timedelta(seconds=1)
    with pytest.raises(AbsentError):
        fetched(world.records, secret)
    assert actions(world)["file.read"] == 1


@pytest.mark.parametrize("act", [silence, one_byte_now_and_then])
def test_whoever_never_answers_holds_nobody_up(world, objects, attached, act):
    attached()
    let_go = Event()
    with record_system(act(let_go)) as system:
        began = time.monotonic()
        assert deliver(world.records, objects, receiver(system.url, seconds=0.5), Event()) == 0
        assert time.monotonic() - began < LONG_S, "it is not waited for"
        let_go.set()
    assert message(world).problem == {"code": "receiver_silent", "facts": {"seconds": 0.5}}


def test_by_tls_only_the_one_that_is_meant_is_told(world, objects, attached, monkeypatch, tmp_path):
    attached()
    issuer, right, wrong = certificates(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(issuer))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    for proof, reason in ((wrong, "not valid for 'localhost'"), (None, "issuer")):
        with record_system(status(204), proof=proof or right) as system:
            if proof is None:  # one whose issuer nobody named
                monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
            due_now(world)
            assert deliver(world.records, objects, receiver(system.url), Event()) == 0
            assert system.calls == [], "not a word"
        refused = message(world)
        assert refused.problem["code"] == "receiver_untrusted"
        assert reason in refused.problem["facts"]["reason"]
        assert refused.delivered_at is None
        assert refused.next_at > now(), "it is tried again"
    assert refused.attempts == 2
    monkeypatch.setenv("SSL_CERT_FILE", str(issuer))
    with record_system(status(204), proof=right) as system:
        due_now(world)
        assert deliver(world.records, objects, receiver(system.url), Event()) == 1
        (call,) = system.calls
    assert call.headers["webhook-signature"] == signature_by_hand(call, KEY)
    assert message(world).problem is None


def usage(*, signs):
    others = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
              "crl_sign", "encipher_only", "decipher_only")  # fmt: skip
    return x509.KeyUsage(
        digital_signature=not signs, key_cert_sign=signs, **dict.fromkeys(others, False)
    )


def certificates(folder):
    """An issuer of our own, and what it proves: that one is localhost, and that one is another."""
    at = now()

    def made(name, key, issuer_name, issuer_key, *, is_issuer):
        common = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        builder = (
            x509.CertificateBuilder()
            .subject_name(common)
            .issuer_name(issuer_name or common)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(at - timedelta(days=1))
            .not_valid_after(at + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=is_issuer, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
                critical=False,
            )
            .add_extension(usage(signs=is_issuer), critical=True)
        )
        return builder.sign(issuer_key, SHA256())

    key = ec.generate_private_key(ec.SECP256R1())
    root = made("issuer.example", key, None, key, is_issuer=True)
    issuer = folder / "issuer.pem"
    issuer.write_bytes(root.public_bytes(Encoding.PEM))
    proofs = []
    for name in ("localhost", "elsewhere.example"):
        own = ec.generate_private_key(ec.SECP256R1())
        proof = made(name, own, root.subject, key, is_issuer=False)
        proofs.append(folder / f"{name}.pem")
        private = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        proofs[-1].write_bytes(proof.public_bytes(Encoding.PEM) + private)
    return issuer, *proofs


def test_no_redirect_is_followed(world, objects, attached):
    attached()
    with record_system(status(200)) as elsewhere:
        moved = status(307, Location=elsewhere.url)
        with record_system(moved) as system:
            assert deliver(world.records, objects, receiver(system.url), Event()) == 0
        assert len(system.calls) == 1
    assert elsewhere.calls == []
    assert message(world).problem == {"code": "receiver_redirects", "facts": {"status": 307}}


def test_proxies_of_the_environment_are_not_asked(world, objects, attached, monkeypatch):
    attached()
    with record_system(status(200)) as proxy, record_system(status(200)) as system:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        assert deliver(world.records, objects, receiver(system.url), Event()) == 1
    assert (len(system.calls), proxy.calls) == (1, [])


def test_one_that_is_not_there_is_given_up_at_last_and_sent_anew_by_hand(
    world, objects, attached, monkeypatch
):
    attached()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}/"
    monkeypatch.setattr(outbox, "MOST_ATTEMPTS", 3)
    for _ in range(5):
        assert deliver(world.records, objects, receiver(nobody), Event()) == 0
        due_now(world)
    lost = message(world)
    assert (lost.attempts, lost.problem["code"]) == (3, "receiver_unreachable")
    assert lost.given_up_at is not None
    assert actions(world)["message.given_up"] == 1
    with world.records.writing(world.here) as session:
        send_again(session, session.get_one(OutboxMessage, lost.id), by=world.reviewer)
    with record_system(status(200)) as system:
        assert deliver(world.records, objects, receiver(system.url), Event()) == 1
    assert (message(world).attempts, message(world).given_up_at) == (1, None)
    with (
        pytest.raises(ConflictError, match="message_delivered"),
        world.records.writing(world.here) as session,
    ):
        send_again(session, session.get_one(OutboxMessage, lost.id), by=world.reviewer)


def test_without_a_receiver_messages_wait_for_one(world, objects, attached):
    attached()
    assert receiver_of(Settings()) is None
    assert deliver(world.records, objects, None, Event()) == 0
    assert message(world).attempts == 0
    with record_system(status(200)) as system:
        assert deliver(world.records, objects, receiver(system.url), Event()) == 1


def test_many_deliverers_send_each_message_once(world, objects, attached):
    reports = {attached().sha256 for _ in range(12)}

    def slowly(handler):
        time.sleep(0.02)
        status(200)(handler)

    with record_system(slowly) as system:
        to = receiver(system.url)
        threads = [
            threading.Thread(target=deliver, args=(world.records, objects, to, Event()))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    told = [json.loads(call.body)["data"]["receipt"]["report"]["sha256"] for call in system.calls]
    assert sorted(told) == sorted(reports)
    assert actions(world)["message.delivered"] == 12


def test_what_somebody_died_with_is_sent_by_the_next(world, objects, attached):
    attached()
    with record_system(status(200)) as system:
        to = receiver(system.url)
        held = take_message(world.records)
        assert take_message(world.records) is None
        assert deliver(world.records, objects, to, Event()) == 0, "somebody holds it"
        with (
            pytest.raises(ConflictError, match="message_under_way"),
            world.records.writing(world.here) as session,
        ):
            send_again(session, session.get_one(OutboxMessage, held.id), by=world.reviewer)
        due_now(world)
        assert deliver(world.records, objects, to, Event()) == 1
        # The one before wakes up: its failure changes nothing, its success comes to the same.
        outbox.mark_failed(world.records, held, {"code": "receiver_silent", "facts": {}})
        assert message(world).problem is None
        mark_delivered(world.records, held)
    assert actions(world)["message.delivered"] == 1


def test_whoever_held_a_message_too_long_has_no_say_any_more(world, attached):
    attached()
    late = take_message(world.records)
    due_now(world)
    now_held = take_message(world.records)
    outbox.mark_failed(world.records, late, {"code": "receiver_silent", "facts": {}})
    held = message(world)
    assert (held.problem, held.held_until) == (None, now_held.until)
    assert take_message(world.records) is None


def test_a_paper_that_is_lost_is_told_and_holds_no_other_up(world, objects, attached, tmp_path):
    lost, whole = attached(), attached()
    sha256 = lost.files["report-light.pdf"]
    (tmp_path / "objects" / "objects" / sha256[:2] / sha256[2:4] / sha256).unlink()
    with record_system(status(200)) as system:
        assert deliver(world.records, objects, receiver(system.url), Event()) == 1
    (call,) = system.calls
    assert json.loads(call.body)["data"]["receipt"]["report"]["sha256"] == whole.sha256
    with world.records.reading(world.here) as session:
        codes = [
            one.problem and one.problem["code"] for one in session.scalars(select(OutboxMessage))
        ]
    assert Counter(codes) == {"object_missing": 1, None: 1}


def test_attempts_grow_apart_and_last_over_a_long_weekend():
    waits = [outbox.pause_after(attempt) for attempt in range(1, MOST_ATTEMPTS)]
    assert timedelta(seconds=15) <= waits[0] <= timedelta(seconds=30)
    assert max(waits) <= timedelta(hours=6)
    assert sum(waits, timedelta(0)) > timedelta(days=1, hours=20)
    assert len({outbox.pause_after(9) for _ in range(20)}) > 1, "not all at the same moment"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"webhook_url": "http://records.example/hook"}, "webhook_address"),
        ({"webhook_url": "ftp://127.0.0.1/hook"}, "webhook_address"),
        ({"webhook_url": "https://"}, "webhook_address"),
        ({"webhook_url": "https://me:word@records.example/"}, "webhook_address"),
        ({"webhook_url": "https://records.example/a\r\nHost: other"}, "webhook_address"),
        ({"webhook_url": "https://records.example:port/"}, "webhook_address"),
        ({"webhook_url": "https://[::1"}, "webhook_address"),
        ({"webhook_secret": None}, "webhook_secret"),
        ({"webhook_secret": "short"}, "webhook_secret"),
        ({"webhook_secret": "whsec_AAAA"}, "webhook_secret"),
        ({"webhook_secret": "whsec_" + "!" * 64}, "webhook_secret"),
        ({"address": None}, "webhook_own_address"),
        ({"address": "tinjau.example"}, "webhook_own_address"),
    ],
)
def test_a_receiver_that_cannot_be_meant_is_refused_when_it_starts(changed, code):
    whole = {
        "webhook_url": "https://records.example/hook",
        "webhook_secret": SECRET,
        "address": ADDRESS,
    }
    assert receiver_of(Settings(**whole)).key == KEY
    with pytest.raises(UsageError, match=code):
        receiver_of(Settings(**(whole | changed)))
