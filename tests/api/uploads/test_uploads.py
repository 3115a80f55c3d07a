"""Uploads word by word: what the protocol asks for, and what it refuses."""

import asyncio
import base64
import hashlib
import socket
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from api.uploads import Refusal, UploadApp
from inspection.language import Language
from inspection.records.audit import now
from inspection.records.tables.audit import AuditEvent
from inspection.records.tables.flights import Upload, UploadState
from inspection.uploads.refusals import UploadError

MB = 2**20
NAMES = (
    "../../etc/passwd",
    "a\r\nSet-Cookie: x=1",
    "\u202egnp.exe",
    "n" * 300,
    "<img src=x onerror=alert(1)>",
    '=HYPERLINK("http://example.com")',
    "citra udara é 東.tif",
    "/",
    "..",
    "COM1",
)


LYING = {"records.db", "records.db-wal", "records.db-shm", "log", "pid", "uploads", "objects"}


def row_of(served, path: str) -> Upload:
    with served.records.reading_all() as session:
        return session.get_one(Upload, UUID(path.rpartition("/")[2]))


def code_of(answer) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["title"]
    assert told["detail"]
    return told["code"]


def events_of(served, path: str) -> list[str]:
    asked = select(AuditEvent.action).where(AuditEvent.subject_id == path.rpartition("/")[2])
    with served.records.reading_all() as session:
        return list(session.scalars(asked.order_by(AuditEvent.seq)))


def test_the_server_says_what_it_can_do(client) -> None:
    answer = client.ask("OPTIONS")
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-extension"] == "creation,expiration,checksum,termination"
    assert answer.headers["tus-checksum-algorithm"] == "sha256,sha1"
    assert int(answer.headers["tus-max-size"]) == 60_000_000


def test_a_file_is_an_object_when_its_last_byte_came_and_not_before(served, client, noise) -> None:
    data = noise(3 * MB)
    path = client.begin(data, filename="citra.tif", kind="orthophoto")
    assert client.offset(path) == 0
    for start in range(0, 2 * MB, MB):
        answer = client.send(path, start, data[start : start + MB])
        assert answer.status_code == 204
        assert int(answer.headers["upload-offset"]) == start + MB
        assert "upload-expires" in answer.headers
        assert not served.holds(data)
    assert client.send(path, 2 * MB, data[2 * MB :]).status_code == 204
    assert served.holds(data)
    assert client.offset(path) == len(data)
    row = row_of(served, path)
    assert (row.name, row.kind, row.state) == ("citra.tif", "orthophoto", UploadState.COMPLETE)
    assert events_of(served, path) == ["upload.announced", "upload.complete"]
    assert not served.part(path).exists()


def test_a_chunk_must_begin_where_the_last_one_ended(client, noise) -> None:
    data = noise(MB)
    path = client.begin(data)
    client.send(path, 0, data[:1000])
    for offset in (0, 999, 1001):
        answer = client.send(path, offset, data[1000:2000])
        assert answer.status_code == 409
        assert code_of(answer) == "upload_offset_differs"
    assert client.offset(path) == 1000


def test_no_more_is_taken_than_was_announced(client, noise) -> None:
    data = noise(1000)
    path = client.begin(data)
    answer = client.send(path, 0, data + b"!")
    assert answer.status_code == 413
    assert code_of(answer) == "upload_beyond_length"
    assert client.offset(path) == 0


def test_a_complete_upload_is_neither_continued_nor_taken_back(served, client, noise) -> None:
    data = noise(1000)
    path = client.begin(data)
    client.send(path, 0, data)
    for answer in (client.send(path, 1000, b"!"), client.ask("DELETE", path)):
        assert answer.status_code == 403
        assert code_of(answer) == "upload_complete"
    assert served.holds(data)


def test_an_upload_that_was_given_up_is_gone(served, client, noise) -> None:
    data = noise(1000)
    path = client.begin(data)
    client.send(path, 0, data[:500])
    assert client.ask("DELETE", path).status_code == 204
    assert not served.part(path).exists()
    assert client.ask("HEAD", path).status_code == 410
    assert client.send(path, 500, data[500:]).status_code == 410
    assert events_of(served, path) == ["upload.announced", "upload.ended"]


def test_an_expired_upload_is_gone(served, client, noise) -> None:
    data = noise(1000)
    path = client.begin(data)
    with served.records.writing_all() as session:
        late = update(Upload).where(Upload.id == UUID(path.rpartition("/")[2]))
        session.execute(late.values(expires_at=now() - timedelta(seconds=1)))
    for answer in (client.send(path, 0, data), client.ask("DELETE", path)):
        assert answer.status_code == 410
        assert code_of(answer) == "upload_expired"
    assert client.ask("HEAD", path).status_code == 410
    assert not served.holds(data)


def test_uploads_of_others_are_absent(served, client, noise) -> None:
    data = noise(1000)
    path = client.begin(data)
    absent = client.send(f"/uploads/{uuid4()}", 0, data)
    assert absent.status_code == 404
    for other in (served.client(), served.client("stranger")):
        answer = other.send(path, 0, data)
        assert (answer.status_code, answer.json()) == (404, absent.json())
        assert other.ask("HEAD", path).status_code == 404
        assert other.ask("DELETE", path).status_code == 404
    assert client.ask("HEAD", "/uploads/..%2f..%2fetc%2fpasswd").status_code == 404
    assert client.offset(path) == 0


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_a_chunk_that_was_damaged_on_the_way_is_thrown_away(client, noise, algorithm) -> None:
    data = noise(2000)
    path = client.begin(data)
    client.send(path, 0, data[:1000])
    digest = base64.b64encode(hashlib.new(algorithm, data[1000:]).digest()).decode()
    flipped = bytes([data[1000] ^ 1]) + data[1001:]
    answer = client.send(path, 1000, flipped, Upload_Checksum=f"{algorithm} {digest}")
    assert answer.status_code == 460
    assert code_of(answer) == "upload_checksum_differs"
    assert client.offset(path) == 1000
    answer = client.send(path, 1000, data[1000:], Upload_Checksum=f"{algorithm} {digest}")
    assert answer.status_code == 204


def test_a_file_that_is_not_the_announced_one_never_becomes_an_object(
    served, client, noise
) -> None:
    data = noise(2000)
    path = client.begin(data)
    wrong = bytes([data[0] ^ 1]) + data[1:]
    client.send(path, 0, wrong[:1000])
    answer = client.send(path, 1000, wrong[1000:])
    assert answer.status_code == 422
    assert code_of(answer) == "upload_hash_differs"
    assert not served.holds(data)
    assert not served.holds(wrong)
    assert client.ask("HEAD", path).status_code == 410
    assert row_of(served, path).problem == {"code": "upload_hash_differs"}
    assert events_of(served, path) == ["upload.announced", "upload.refused"]


def test_a_person_has_few_uploads_at_once(client, noise) -> None:
    paths = [client.begin(noise(10)) for _ in range(3)]
    answer = client.announce(noise(10))
    assert answer.status_code == 429
    assert code_of(answer) == "upload_quota_user"
    assert int(answer.headers["retry-after"]) > 0
    client.ask("DELETE", paths[0])
    client.begin(noise(10))


def test_an_office_has_a_share_of_each_day(served) -> None:
    stranger = served.client("stranger")

    def announce(size: int):
        metadata = "filename eA==,sha256 " + base64.b64encode(b"0" * 64).decode()
        return stranger.ask("POST", Upload_Length=size, Upload_Metadata=metadata)

    first = announce(60_000_000)
    assert first.status_code == 201
    answer = announce(50_000_000)
    assert answer.status_code == 429
    assert code_of(answer) == "upload_quota_office"
    assert int(answer.headers["retry-after"]) > 0
    # What was given up before it came costs nothing.
    stranger.ask("DELETE", first.headers["location"])
    assert announce(50_000_000).status_code == 201
    too_large = announce(60_000_001)
    assert too_large.status_code == 413
    assert code_of(too_large) == "upload_too_large"


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_hostile_name_comes_back_as_data(served, noise, name) -> None:
    client = served.client("p0")
    data = noise(10)
    path = client.begin(data, filename=name)
    answer = client.ask("HEAD", path)
    pairs = dict(pair.split(" ") for pair in answer.headers["upload-metadata"].split(","))
    assert base64.b64decode(pairs["filename"]).decode() == name
    assert row_of(served, path).name == name
    client.send(path, 0, data)
    assert served.holds(data)
    # All that lies on the disk is called by ids and hashes of ours.
    assert {one.name for one in served.folder.iterdir()} <= LYING
    for one in (served.folder / "uploads").iterdir():
        assert UUID(one.stem)


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ("filename eA==", "upload_hash_missing"),
        ("filename eA==,sha256 eA==", "upload_header"),
        ("filename !,sha256 eA==", "upload_header"),
        ("filename eA==,filename eA==", "upload_header"),
        ("filename gA==", "upload_header"),  # no UTF-8
    ],
)
def test_an_announcement_that_cannot_be_read_is_refused(client, metadata, code) -> None:
    answer = client.ask("POST", Upload_Length=1, Upload_Metadata=metadata)
    assert answer.status_code == 400
    assert code_of(answer) == code


def test_lengths_that_are_none_are_refused(client, noise) -> None:
    sha256 = base64.b64encode(b"0" * 64).decode()
    for length in ("", "-1", "1.5", "1e3", "٣", "9" * 19):
        answer = client.ask(
            "POST",
            Upload_Length=length.encode("ascii", "ignore").decode(),
            Upload_Metadata=f"filename eA==,sha256 {sha256}",
        )
        assert answer.status_code == 400, length
    assert code_of(client.announce(b"")) == "upload_empty"
    answer = client.announce(noise(1), permit=str(uuid4()))
    assert answer.status_code == 404
    assert code_of(answer) == "upload_permit_absent"


def test_a_chunk_says_what_it_is(client, noise) -> None:
    data = noise(9 * MB)
    path = client.begin(data)
    assert client.ask("PATCH", path, Upload_Offset=0, body=b"x").status_code == 415
    assert client.send(path, 0, iter([b"x"])).status_code == 411
    assert client.send(path, 0, data[: 8 * MB + 1]).status_code == 413
    assert client.send(path, "x", b"x").status_code == 400
    assert client.send(path, 0, b"x", Upload_Checksum="md5 eA==").status_code == 400
    answer = client.send(path, 0, b"x", Tus_Resumable="0.2.0")
    assert answer.status_code == 412
    assert answer.headers["tus-version"] == "1.0.0"
    assert client.ask("GET", path).status_code == 405
    assert client.offset(path) == 0
    assert client.send(path, 0, data[: 8 * MB]).status_code == 204


def test_a_client_that_cannot_say_patch_says_post(client, noise) -> None:
    data = noise(10)
    path = client.begin(data)
    answer = client.ask(
        "POST",
        path,
        X_HTTP_Method_Override="PATCH",
        Upload_Offset=0,
        Content_Type="application/offset+octet-stream",
        body=data,
    )
    assert answer.status_code == 204


def test_problems_are_told_in_the_language_asked_for(client) -> None:
    answers = [
        client.send(f"/uploads/{uuid4()}", 0, b"x", Accept_Language=asked).json()["title"]
        for asked in ("id-ID,en;q=0.5", "fr, en")
    ]
    assert answers == ["Tidak ada unggahan seperti itu.", "There is no such upload."]


def test_not_a_byte_of_a_body_is_read_of_somebody_who_was_not_admitted() -> None:
    read = []
    said = []

    async def receive():
        read.append(1)
        return {"type": "http.request", "body": b"x" * 65536, "more_body": True}

    async def send(message) -> None:
        said.append(message)

    def admit(_):
        return Refusal(status=401, error=UploadError("upload_absent"))

    scope = {
        "type": "http",
        "method": "PATCH",
        "path": f"/uploads/{uuid4()}",
        "headers": [(b"content-length", b"10000000"), (b"tus-resumable", b"1.0.0")],
    }
    app = UploadApp(None, admit, language=Language.ENGLISH)
    asyncio.run(app(scope, receive, send))
    assert said[0]["status"] == 401
    assert read == []


def test_the_connection_of_somebody_who_was_not_admitted_ends(served) -> None:
    head = (
        f"PATCH /uploads/{uuid4()} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\n"
        "Content-Length: 8000000\r\nAuthorization: Bearer nobody\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(head.encode())
        answer = connection.recv(4096)
        assert answer.startswith(b"HTTP/1.1 401")
        assert b"connection: close" in answer.lower()
        # The server closed: had it gone on to read, it would wait for the eight million bytes.
        while answer:
            answer = connection.recv(4096)
