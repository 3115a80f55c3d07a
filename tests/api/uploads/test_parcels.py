"""Half by a line and half by a stick: one upload, whoever carries it, wherever either is cut."""

import hashlib
import json
import os
import random
import subprocess
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import shapely
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from geo.errors import RefusedError
from inspection.__main__ import app
from inspection.access.device_keys import add_device_key, device_key_of, end_device_key
from inspection.access.roles import set_roles
from inspection.errors import ConflictError, ForbiddenError, UsageError
from inspection.objects.folder import FolderObjects
from inspection.parcels.copies import Copies
from inspection.parcels.manifest import Cut
from inspection.parcels.packing import Label, ToPack, pack
from inspection.records.tables.audit import AuditEvent
from inspection.records.tables.flights import Upload, UploadState
from inspection.records.tables.offices import DeviceKey, Role, User
from inspection.records.tables.permits import BoundaryStage, BoundaryVersion, Permit
from inspection.sending.line import HttpLine
from inspection.sending.parcel import send_parcel
from inspection.sending.sending import send
from inspection.sending.sources import FileSource
from inspection.settings import Settings
from inspection.taking_in import Within

TINJAU = Path(sys.executable).parent / "tinjau"
KB = 2**10
SMALL = Cut(block_bytes=16 * KB, piece_blocks=2)


class Stopped(BaseException):
    """The laptop was closed, or the stick pulled."""


@dataclass
class Field:
    """A permit, an inspector whose laptop has a key, and an officer of the same office."""

    served: object
    permit: UUID
    inspector: object
    officer: object
    key: Ed25519PrivateKey
    folder: Path

    def file(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path

    def parcel(self, *paths: Path, name: str = "parcel", permit=None, key=None) -> Path:
        out = self.folder / name
        label = Label(
            permit=permit or self.permit, packed_at="2026-05-01", packed_by="x", flight={}
        )
        files = [ToPack(path=path, role="orthophoto") for path in paths]
        key = key or self.key
        pack(files, out, label=label, key=key, advance=lambda _: None, cut=SMALL)
        return out

    def line(self, client) -> HttpLine:
        server = self.served.url.removesuffix("/uploads/")
        return HttpLine(server, client.token, patience_s=20)

    def within(self, client) -> Within:
        records, folder = self.served.records, self.served.folder
        settings = Settings(data=folder, uploads_at_once=100)
        return Within(records, FolderObjects(folder), settings, login=client.token)

    def by_network(self, client, path: Path, *, cut_at: int | None = None, permit=None) -> str:
        server = self.served.url.removesuffix("/uploads/")
        source = FileSource(
            path, server=server, permit=str(permit or self.permit), kind="orthophoto"
        )
        return send(source, self.line(client), stopped_at(cut_at), notes=source)

    def by_disk(self, way, *folders: Path, cut_at: int | None = None, piece_bytes=8 * KB):
        @contextmanager
        def watch(told):
            is_file = told.kind == "orthophoto"
            yield stopped_at(cut_at) if is_file else lambda _: None

        return send_parcel(Copies(folders), way, piece_bytes=piece_bytes, watch=watch)

    def rows(self, data: bytes) -> list[Upload]:
        sha256 = hashlib.sha256(data).hexdigest()
        with self.served.records.reading_all() as session:
            return list(session.scalars(select(Upload).where(Upload.claimed_sha256 == sha256)))


def stopped_at(offset: int | None):
    def advance(done: int) -> None:
        if offset is not None and done >= offset:
            raise Stopped

    return advance


@pytest.fixture
def field(served, tmp_path) -> Field:
    inspector, officer = served.client(), served.client()
    key = Ed25519PrivateKey.generate()
    with served.records.reading_all() as session:
        people = {user.login: user for user in session.scalars(select(User))}
    office = people[inspector.token].office_id
    permit = Permit(reference=f"SIPB {uuid4()}")
    boundary = BoundaryVersion(
        permit_id=permit.id,
        sequence=1,
        stage=BoundaryStage.GRANTED,
        source="test",
        sha256="0" * 64,
        stated_crs="EPSG:4326",
        area_m2=1.0,
        outline=shapely.box(115, -3, 115.01, -2.99),
    )
    with served.records.writing(office) as session:
        session.add_all([permit, boundary])
        for client in (inspector, officer):
            set_roles(session, session.get_one(User, people[client.token].id), {Role.GIS}, by=None)
        add_device_key(
            session,
            user_id=people[inspector.token].id,
            name="laptop",
            key=key.public_key().public_bytes_raw().hex(),
            by=None,
        )
    return Field(served, permit.id, inspector, officer, key, tmp_path)


def events_of(field, upload: Upload) -> list[tuple[str, str]]:
    asked = select(AuditEvent).where(AuditEvent.subject_id == str(upload.id))
    with field.served.records.reading_all() as session:
        return [(one.action, one.actor) for one in session.scalars(asked.order_by(AuditEvent.seq))]


def test_a_parcel_arrives_by_either_way_and_its_signer_is_on_the_record(field, noise) -> None:
    for number, way in enumerate((field.line(field.officer), field.within(field.officer))):
        data = noise(70 * KB), noise(10 * KB)
        paths = [field.file(f"{number}-{i}.tif", one) for i, one in enumerate(data)]
        parcel = field.parcel(*paths, name=f"parcel-{number}")
        taken = field.by_disk(way, parcel)
        assert len(taken.places) == 2
        assert taken.damage == []
        manifest = (parcel / "manifest.json").read_bytes()
        assert field.served.holds(manifest)
        for one in data:
            assert field.served.holds(one)
            (row,) = field.rows(one)
            assert row.state is UploadState.COMPLETE
            assert row.parcel_sha256 == hashlib.sha256(manifest).hexdigest()
            assert (row.permit_id, row.kind) == (field.permit, "orthophoto")
            with field.served.records.reading_all() as session:
                key = session.get_one(DeviceKey, row.signed_with)
                signer = session.get_one(User, key.user_id)
                officer = session.get_one(User, row.brought_by)
            assert key.public_key == field.key.public_key().public_bytes_raw().hex()
            assert (signer.login, officer.login) == (field.inspector.token, field.officer.token)
        # Once more: nothing is begun anew.
        assert field.by_disk(way, parcel).places == taken.places
        assert [len(field.rows(one)) for one in data] == [1, 1]


def test_what_began_by_a_line_is_ended_by_a_stick_that_another_carries(field, noise) -> None:
    data = noise(100 * KB + 1)
    path = field.file("flight.tif", data)
    parcel = field.parcel(path)
    # A little by the line, as the bare protocol sends it.
    place = field.inspector.begin(data, permit=str(field.permit), kind="orthophoto")
    assert field.inspector.send(place, 0, data[: 41 * KB]).status_code == 204
    told = []

    @contextmanager
    def watch(_):
        yield told.append

    send_parcel(Copies([parcel]), field.within(field.officer), piece_bytes=8 * KB, watch=watch)
    assert 41 * KB in told
    assert field.served.holds(data)
    (row,) = field.rows(data)
    assert str(row.id) == place.rpartition("/")[2]
    people = [row.brought_by, row.carried_by]
    with field.served.records.reading_all() as session:
        logins = [session.get_one(User, one).login for one in people]
    assert logins == [field.inspector.token, field.officer.token]
    assert events_of(field, row) == [
        ("upload.announced", str(row.brought_by)),
        ("upload.carried", str(row.carried_by)),
        ("upload.complete", str(row.carried_by)),
    ]


def test_what_began_by_a_stick_is_ended_by_the_line_of_who_packed_it(field, noise) -> None:
    data = noise(100 * KB + 1)
    path = field.file("flight.tif", data)
    parcel = field.parcel(path)
    with pytest.raises(Stopped):
        field.by_disk(field.within(field.officer), parcel, cut_at=60 * KB)
    told = []
    server = field.served.url.removesuffix("/uploads/")
    source = FileSource(path, server=server, permit=str(field.permit), kind="orthophoto")
    send(source, field.line(field.inspector), told.append, notes=source)
    assert told[0] >= 60 * KB
    assert field.served.holds(data)
    assert len(field.rows(data)) == 1


def test_thirty_uploads_cut_anywhere_between_line_and_stick(field, noise) -> None:
    """By turns of chance: line or stick, into the service or beside it, inspector or officer."""
    chance = random.Random(17)  # noqa: S311 - the same each time
    served = field.served
    kills = 0
    for number in range(30):
        data = noise(chance.randrange(1, 160 * KB))
        path = field.file(f"{number}.tif", data)
        parcel = field.parcel(path, name=f"parcel-{number}")
        cut_at = 0
        while not served.holds(data):
            cut_at += chance.randrange(1, 60 * KB)
            who = chance.choice([field.inspector, field.officer])
            way = chance.choice([field.line, field.within, None])
            at = cut_at if cut_at < len(data) else None
            with suppress(Stopped):
                if way is None:
                    field.by_network(field.inspector, path, cut_at=at)
                else:
                    field.by_disk(way(who), parcel, cut_at=at)
            if chance.random() < 0.1 and kills < 5:
                kills += 1
                served.kill()
        (row,) = field.rows(data)
        assert row.state is UploadState.COMPLETE, number
    assert kills == 5


def refused(field, parcel: Path, client=None) -> set[str]:
    """By which codes a parcel is refused, by either way."""
    codes = set()
    for way in (field.line, field.within):
        with pytest.raises(RefusedError) as caught:
            field.by_disk(way(client or field.officer), parcel)
        codes.add(caught.value.code)
    return codes


def test_a_parcel_of_an_unknown_signer_is_refused(field, noise) -> None:
    data = noise(20 * KB)
    path = field.file("flight.tif", data)
    stranger = field.parcel(path, name="stranger", key=Ed25519PrivateKey.generate())
    assert refused(field, stranger) == {"parcel_signer_unknown"}
    own = field.parcel(path, name="own")
    with field.served.records.reading_all() as session:
        user = session.scalars(select(User).where(User.login == field.inspector.token)).one()
    digits = field.key.public_key().public_bytes_raw().hex()
    with field.served.records.writing(user.office_id) as session:
        end_device_key(session, device_key_of(session, user_id=user.id, key=digits), by=None)
    assert refused(field, own) == {"parcel_signer_unknown"}
    with (
        pytest.raises(ConflictError, match="device_key_taken"),
        field.served.records.writing(user.office_id) as session,
    ):
        add_device_key(session, user_id=user.id, name="x", key=digits, by=None)
    assert not field.served.holds(data)
    assert field.rows(data) == []


def test_a_parcel_for_a_permit_that_is_not_the_office_s_is_refused(field, noise) -> None:
    path = field.file("flight.tif", noise(20 * KB))
    parcel = field.parcel(path, permit=uuid4())
    with pytest.raises(RefusedError, match="server_refused") as caught:
        field.by_disk(field.line(field.officer), parcel)
    assert caught.value.facts["status"] == 404
    with pytest.raises(RefusedError, match="upload_permit_absent"):
        field.by_disk(field.within(field.officer), parcel)
    bare = Permit(reference=f"SIPB {uuid4()}")
    with field.served.records.reading_all() as session:
        office = session.get_one(Permit, field.permit).office_id
    with field.served.records.writing(office) as session:
        session.add(bare)
    # Nothing could come of it: that is said before its first byte.
    answer = field.officer.announce(noise(20), permit=str(bare.id))
    assert (answer.status_code, answer.json()["code"]) == (422, "permit_without_boundary")


def test_a_file_must_be_the_one_that_the_manifest_names(field, noise) -> None:
    data, other = noise(1000), noise(1000)
    parcel = field.parcel(field.file("flight.tif", data))
    field.by_disk(field.within(field.officer), parcel)
    sha256 = Copies([parcel]).first.manifest.sha256
    right = {"permit": str(field.permit), "kind": "orthophoto", "parcel": sha256}
    assert field.officer.announce(data, **right).status_code == 201
    for content, pairs, status, code in (
        (other, {}, 422, "parcel_file_differs"),
        (data, {"filename": "other.tif"}, 422, "parcel_file_differs"),
        (data, {"kind": "dsm"}, 422, "parcel_file_differs"),
        (data, {"parcel": "0" * 64}, 404, "parcel_absent"),
        (data, {"parcel": hashlib.sha256(data).hexdigest()}, 404, "parcel_absent"),
        (data, {"parcel": "x"}, 400, "upload_header"),
    ):
        answer = field.officer.announce(content, **(right | pairs))
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    without = {name: value for name, value in right.items() if name != "permit"}
    answer = field.officer.announce(data, **without)
    assert (answer.status_code, answer.json()["code"]) == (422, "parcel_permit_differs")
    # Of an office, others know nothing: neither its parcels nor its keys.
    stranger = field.served.client("stranger")
    answer = stranger.announce(data, **right)
    assert (answer.status_code, answer.json()["code"]) == (404, "parcel_absent")
    manifest = (parcel / "manifest.json").read_bytes()
    place = stranger.begin(manifest, kind="parcel")
    assert stranger.send(place, 0, manifest).status_code == 204
    answer = stranger.announce(data, **right)
    assert (answer.status_code, answer.json()["code"]) == (403, "parcel_signer_unknown")
    # And what only says that it is one, is none.
    place = field.officer.begin(other, kind="parcel")
    assert field.officer.send(place, 0, other).status_code == 204
    answer = field.officer.announce(data, **(right | {"parcel": hashlib.sha256(other).hexdigest()}))
    assert (answer.status_code, answer.json()["code"]) == (422, "parcel_unreadable")


def test_damage_of_one_file_stops_no_other_and_only_its_blocks_are_asked_again(
    field, noise
) -> None:
    data = noise(100 * KB), noise(30 * KB)
    paths = [field.file(f"{i}.tif", one) for i, one in enumerate(data)]
    parcel, copy = field.parcel(*paths), field.parcel(*paths, name="copy")
    piece = parcel / "0001.002"
    damaged = bytearray(piece.read_bytes())
    damaged[5] ^= 1
    piece.write_bytes(damaged)
    taken = field.by_disk(field.line(field.officer), parcel)
    (error,) = taken.damage
    assert (error.code, error.file, error.facts["block"]) == ("parcel_block_damaged", "0.tif", 3)
    assert field.served.holds(data[1])
    (row,) = field.rows(data[0])
    assert row.received == 2 * 16 * KB
    # Of the copy, only what the first has wrong is read: the rest of it may be gone.
    (copy / "0001.001").unlink()
    (copy / "0001.003").unlink()
    assert field.by_disk(field.line(field.officer), parcel, copy).damage == []
    assert field.served.holds(data[0])
    assert len(field.rows(data[0])) == 1


def test_an_upload_of_a_colleague_is_gone_on_with_only_by_what_they_signed(field, noise) -> None:
    data = noise(20 * KB)
    place = field.inspector.begin(data, permit=str(field.permit))
    field.inspector.send(place, 0, data[: 10 * KB])
    answer = field.officer.announce(data, permit=str(field.permit), goes_on="1")
    assert answer.headers["location"] != place
    assert answer.headers["upload-offset"] == "0"
    assert field.officer.ask("HEAD", place).status_code == 404
    # Without being asked to go on, another upload is meant, as tus has it.
    again = field.inspector.announce(data, permit=str(field.permit))
    assert again.headers["location"] != place
    # For another permit it is another upload.
    elsewhere = field.inspector.announce(data, goes_on="1")
    assert elsewhere.headers["location"] not in (place, again.headers["location"])
    known = field.inspector.announce(data, permit=str(field.permit), goes_on="1")
    assert (known.headers["location"], known.headers["upload-offset"]) == (place, str(10 * KB))
    field.inspector.ask("DELETE", elsewhere.headers["location"])


def test_who_may_not_upload_takes_no_parcel_in(field, noise) -> None:
    parcel = field.parcel(field.file("flight.tif", noise(1000)))
    nobody = field.served.client("p199")
    with pytest.raises(ForbiddenError, match="not_allowed"):
        field.by_disk(field.within(nobody), parcel)
    with pytest.raises(RefusedError, match="user_unknown"):
        field.by_disk(field.within(field.served.client("nobody-there")), parcel)


def run(*words, data: Path, **more: str):
    asked = [TINJAU, *map(str, words), "--json"]
    env = {**os.environ, "TINJAU_DATA": str(data), "TINJAU_LANGUAGE": "en", **more}
    done = subprocess.run(asked, capture_output=True, text=True, check=False, env=env)
    lines = done.stdout.splitlines(), done.stderr.splitlines()
    told = [json.loads(one[-1]) if one else None for one in lines]
    return done.returncode, *told


def test_the_commands_pack_and_take_in(field, noise, sample, tmp_path) -> None:
    laptop, served = tmp_path / "laptop", field.served
    outline = field.file("boundary.geojson", (sample / "boundary.geojson").read_bytes())
    points = field.file("points.csv", (sample / "control_points.csv").read_bytes())
    code, shown, _ = run("pack", "--key", data=laptop)
    assert code == 0
    code, told, _ = run(
        "pack", outline, f"control_points={points}", "--permit", field.permit,
        "--out", tmp_path / "stick", "--by", "Sari", data=laptop,
    )  # fmt: skip
    assert (code, told["fingerprint"]) == (0, shown["fingerprint"])
    stated = Copies([tmp_path / "stick"]).first.manifest.stated
    assert [(one.name, one.role) for one in stated.files] == [
        ("boundary.geojson", "boundary"),
        ("points.csv", "control_points"),
    ]
    assert stated.packed_by == "Sari"
    into = ("upload", "--from", tmp_path / "stick", "--into", "--as", field.officer.token)
    code, _, error = run(*into, data=served.folder)
    assert (code, error["code"]) == (3, "parcel_signer_unknown")
    added = subprocess.run(
        [TINJAU, "user", "key", field.inspector.token, shown["key"]],
        env={**os.environ, "TINJAU_DATA": str(served.folder)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert added.returncode == 0, added.stderr
    assert shown["fingerprint"] in added.stdout
    code, told, error = run(*into, data=served.folder)
    assert code == 0, error
    assert [one["file"] for one in told["files"]] == ["boundary.geojson", "points.csv"]
    assert served.holds(outline.read_bytes())
    assert served.holds(points.read_bytes())
    server = served.url.removesuffix("/uploads/")
    code, again, _ = run(
        "upload", "--from", tmp_path / "stick", "--server", server,
        data=laptop, TINJAU_TOKEN=field.inspector.token,
    )  # fmt: skip
    assert code == 0
    assert [one["upload"].rpartition("/")[2] for one in again["files"]] == [
        one["upload"] for one in told["files"]
    ]
    code, _, error = run(*into, "--permit", uuid4(), data=served.folder)
    assert (code, error["code"]) == (3, "parcel_permit_differs")
    fresh = field.parcel(field.file("flight.tif", noise(1000)), name="fresh")
    (fresh / "0001.001").unlink()
    from_fresh = ("upload", "--from", fresh, "--into", "--as", field.officer.token)
    code, _, error = run(*from_fresh, data=served.folder)
    assert code == 3
    assert (error["code"], error["file"]) == ("parcel_piece_missing", "flight.tif")


@pytest.mark.parametrize(
    ("roles", "code", "exit_code"),
    [
        (["bogus"], "file_role_unknown", 2),
        (["orthophoto"], "file_role_unfit", 3),
        (["dsm"], "file_role_unfit", 3),
        (["control_points", "control_points"], "file_role_twice", 2),
    ],
)
def test_a_role_that_is_none_or_does_not_fit_is_not_packed(
    sample, tmp_path, roles, code, exit_code
) -> None:
    points = sample / "control_points.csv"
    files = [f"{role}={points}" for role in roles]
    more = ("--permit", uuid4(), "--out", tmp_path / "stick")
    done, _, error = run("pack", *files, *more, data=tmp_path / "laptop")
    assert (done, error["code"]) == (exit_code, code)
    assert not (tmp_path / "stick").exists()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["upload"], "upload_what"),
        (["upload", "x", "--from", "y"], "upload_what"),
        (["upload", "x", "--into", "--as", "z"], "upload_what"),
        (["upload", "--from", "y"], "upload_where"),
        (["upload", "--from", "y", "--into"], "upload_where"),
        (["upload", "--from", "y", "--into", "--as", "z", "--server", "http://x"], "upload_where"),
        (["upload", "x", "--server", "http://x", "--token", "y", "--permit", "nope"], "permit_id"),
        (["pack"], "parcel_incomplete"),
        (["pack", "x", "--permit", "y", "--out", "z"], "permit_id"),
        (["pack", "--key", "x"], "parcel_key_alone"),
    ],
)
def test_commands_that_do_not_say_enough_are_refused(tmp_path, monkeypatch, words, code) -> None:
    monkeypatch.setenv("TINJAU_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("TINJAU_TOKEN", raising=False)
    with pytest.raises(UsageError, match=code):
        app(words, standalone_mode=False)
    assert not (tmp_path / "data").exists()
