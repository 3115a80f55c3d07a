"""Parcels on a stick: cut, signed, gone on with where the stick was pulled, read with damage."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from geo.errors import RefusedError, UnfinishedError
from inspection.errors import UsageError
from inspection.evidence.canonical import canonical_bytes
from inspection.parcels.copies import Copies
from inspection.parcels.device_key import device_key, fingerprint, public_digits, public_key_of
from inspection.parcels.manifest import Cut, manifest_of, read_manifest
from inspection.parcels.packing import Label, ToPack, pack

KB = 2**10
SMALL = Cut(block_bytes=64 * KB, piece_blocks=3)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
LABEL = Label(permit=UUID(int=7), packed_at="2026-05-01T09:00:00+00:00", packed_by=None, flight={})
NAMES = ("../../etc/passwd", "a\nb", "\u202egnp.exe", "CON", "n" * 200, "-rf", "$(x)", "0001.001")


def noise(seed: int, size: int) -> bytes:
    return random.Random(seed).randbytes(size)  # noqa: S311 - the same each time


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def packed(out: Path, *paths: Path, key=KEY, cut=SMALL, advance=lambda _: None) -> Path:
    files = [ToPack(path=path, role="file") for path in paths]
    pack(files, out, label=LABEL, key=key, advance=advance, cut=cut)
    return out


def read_back(*folders: Path) -> dict[str, bytes]:
    copies = Copies(folders)
    return {
        file.name: b"".join(copies.block(file, number) for number in range(len(file.blocks)))
        for file in copies.first.manifest.stated.files
    }


@pytest.mark.parametrize("size", [1, 64 * KB, 64 * KB + 1, 192 * KB, 192 * KB + 1, 500 * KB])
def test_what_was_packed_is_read_back_in_pieces_that_the_stick_takes(tmp_path, size) -> None:
    data = noise(size, size)
    out = packed(tmp_path / "parcel", written(tmp_path / "flight.tif", data))
    assert read_back(out) == {"flight.tif": data}
    sizes = [path.stat().st_size for path in sorted(out.glob("0001.*"))]
    assert max(sizes) <= 192 * KB
    assert sum(sizes) == size
    assert [path.name for path in tmp_path.iterdir() if "packing" in path.name] == []


def test_no_piece_of_the_largest_file_is_too_large_for_a_stick() -> None:
    assert max(Cut().pieces(20 * 10**9)) < 2**32 - 1


def test_names_are_data_and_never_part_of_a_path(tmp_path) -> None:
    for number, name in enumerate(NAMES):
        path = written(tmp_path / str(number), noise(number, 100))
        target = tmp_path / "sources" / str(number)
        target.mkdir(parents=True)
        # A name with a slash is none to a file system; it comes in a manifest that others wrote.
        path.rename(target / name.replace("/", "∕"))
    sources = sorted((tmp_path / "sources").glob("*/*"))
    out = packed(tmp_path / "parcel", *sources)
    assert set(read_back(out)) == {name.replace("/", "∕") for name in NAMES}
    pieces = {f"{number:04}.001" for number in range(1, len(NAMES) + 1)}
    assert {path.name for path in out.iterdir()} == {"manifest.json", *pieces}
    not_text = tmp_path / os.fsdecode(b"citra\xff.tif")
    written(not_text, b"x")
    assert list(read_back(packed(tmp_path / "other", not_text))) == ["citra\ufffd.tif"]


PACKER = """
import sys
from pathlib import Path
from tests.inspection.test_parcels import packed
folder = Path(sys.argv[1])
packed(folder / "parcel", folder / "a.tif", folder / "b.tif",
       advance=lambda done: print(done, flush=True))
"""


def test_a_stick_that_was_pulled_is_gone_on_with(tmp_path, monkeypatch) -> None:
    """Kill the packer anywhere: no parcel is seen before its end, and the rest is written only."""
    chance = random.Random(3)  # noqa: S311 - the same each time
    data = {"a.tif": noise(1, 900 * KB), "b.tif": noise(2, 300 * KB)}
    for name, content in data.items():
        written(tmp_path / name, content)
    for _ in range(4):
        packer = subprocess.Popen(
            [sys.executable, "-c", PACKER, str(tmp_path)], stdout=subprocess.PIPE
        )
        for _ in range(chance.randrange(1, 12)):
            packer.stdout.readline()
        packer.send_signal(signal.SIGKILL)
        packer.wait()
        packer.stdout.close()
        assert not (tmp_path / "parcel").exists()
        draft = tmp_path / ".parcel.packing"
        # What was on its way when the stick was pulled may be anything.
        for piece in draft.iterdir():
            if chance.random() < 0.3:
                os.truncate(piece, chance.randrange(piece.stat().st_size + 1))
            elif chance.random() < 0.3 and (size := piece.stat().st_size):
                with piece.open("r+b") as file:
                    file.seek(chance.randrange(size))
                    file.write(b"\0" * 1000)
    kept = (tmp_path / ".parcel.packing" / "0001.001").read_bytes()
    (tmp_path / ".parcel.packing" / "0009.001").write_bytes(b"of a file that is packed no more")
    rewritten = []
    from inspection.parcels import packing  # noqa: PLC0415 - to see what it writes

    real = packing._write
    monkeypatch.setattr(
        packing,
        "_write",
        lambda file, start, block: (rewritten.append(start), real(file, start, block)),
    )
    out = packed(tmp_path / "parcel", tmp_path / "a.tif", tmp_path / "b.tif")
    assert read_back(out) == data
    assert not (out / "0009.001").exists()
    right = sum(
        kept[at : at + 64 * KB] == data["a.tif"][at : at + 64 * KB]
        for at in range(0, 192 * KB, 64 * KB)
    )
    assert len(rewritten) <= 20 - right


def test_a_stick_that_lies_is_found_out(tmp_path, monkeypatch) -> None:
    """A worn or forged stick takes all bytes, and gives back others."""
    from inspection.parcels import packing  # noqa: PLC0415 - in place of such a stick

    def lie(file, start, block) -> None:
        file.seek(start)
        file.write(block[:-1] + bytes([block[-1] ^ 1]))

    monkeypatch.setattr(packing, "_write", lie)
    with pytest.raises(UnfinishedError, match="parcel_not_kept"):
        packed(tmp_path / "parcel", written(tmp_path / "a.tif", noise(1, 1000)))
    assert not (tmp_path / "parcel").exists()


def test_a_folder_that_is_there_is_left_alone(tmp_path) -> None:
    (tmp_path / "parcel").mkdir()
    with pytest.raises(UsageError, match="out_exists"):
        packed(tmp_path / "parcel", written(tmp_path / "a.tif", b"x"))
    with pytest.raises(UsageError, match="out_impossible"):
        packed(tmp_path / "no" / "parcel", tmp_path / "a.tif")


def test_a_file_that_changes_while_it_is_packed_is_refused(tmp_path) -> None:
    path = written(tmp_path / "a.tif", noise(1, 300 * KB))

    def touch(_: int) -> None:
        os.utime(path, ns=(time.time_ns(), time.time_ns()))

    with pytest.raises(RefusedError, match="input_changed"):
        packed(tmp_path / "parcel", path, advance=touch)
    with pytest.raises(RefusedError, match="upload_empty"):
        packed(tmp_path / "other", written(tmp_path / "empty", b""))


def test_any_changed_byte_of_a_manifest_is_noticed(tmp_path) -> None:
    out = packed(tmp_path / "parcel", written(tmp_path / "a.tif", noise(1, 1000)))
    content = (out / "manifest.json").read_bytes()
    assert manifest_of(content).key == public_key_of(KEY.public_key().public_bytes_raw().hex())
    for at in range(len(content)):
        for changed in (content[at] ^ 1, content[at] ^ 0x20):
            with pytest.raises(RefusedError, match=r"parcel_(altered|unreadable)"):
                manifest_of(content[:at] + bytes([changed]) + content[at + 1 :])


def signed(parcel, key=KEY) -> bytes:
    return canonical_bytes(
        {
            "parcel": parcel,
            "key": key.public_key().public_bytes_raw().hex(),
            "signature": key.sign(canonical_bytes(parcel)).hex(),
        }
    )


def test_what_is_signed_must_make_sense_too(tmp_path) -> None:
    out = packed(tmp_path / "parcel", written(tmp_path / "a.tif", noise(1, 1000)))
    good = json.loads((out / "manifest.json").read_bytes())["parcel"]
    assert manifest_of(signed(good)).stated.permit == LABEL.permit
    file = good["files"][0]
    for change in (
        {"permit": "x"},
        {"files": []},
        {"files": [file | {"size": -1}]},
        {"files": [file | {"size": 10**7}]},
        {"files": [file | {"role": "../x"}]},
        {"files": [file | {"name": "a\0b"}]},
        {"files": [file | {"sha256": "0"}]},
        {"piece_blocks": 10**6},
        {"block_bytes": 10**9},
        {"schema": "tinjau.parcel/2"},
        {"more": 1},
    ):
        with pytest.raises(RefusedError, match=r"parcel_(altered|unreadable)"):
            manifest_of(signed(good | change))
    for content in (b"", b"[]", b"{}", b"\xff", b'{"parcel":1}', b"[" * 100_000):
        with pytest.raises(RefusedError, match="parcel_unreadable"):
            manifest_of(content)


def test_a_damaged_block_is_named_and_read_from_another_copy(tmp_path) -> None:
    data = noise(1, 500 * KB)
    path = written(tmp_path / "a.tif", data)
    first, second = packed(tmp_path / "one", path), packed(tmp_path / "two", path)
    # Packed anew by another, and cut otherwise: a copy all the same.
    third = packed(
        tmp_path / "three", path, key=Ed25519PrivateKey.generate(), cut=Cut(block_bytes=50 * KB)
    )
    flip(first / "0001.002", 70 * KB)
    flip(second / "0001.001", 0)
    file = Copies([first]).first.manifest.stated.files[0]
    with pytest.raises(RefusedError, match="parcel_block_damaged") as caught:
        Copies([first]).block(file, 4)
    assert (caught.value.file, caught.value.facts) == ("a.tif", {"block": 5, "blocks": 8})
    assert read_back(first, second) == {"a.tif": data}
    assert read_back(first, third) == {"a.tif": data}
    (first / "0001.003").unlink()
    with pytest.raises(RefusedError, match="parcel_piece_missing"):
        Copies([first]).block(file, 7)
    os.truncate(second / "0001.003", 10)
    with pytest.raises(RefusedError, match="parcel_block_damaged"):
        Copies([second]).block(file, 6)


def test_links_and_pipes_on_a_stick_are_not_followed(tmp_path) -> None:
    out = packed(tmp_path / "parcel", written(tmp_path / "a.tif", noise(1, 1000)))
    file = Copies([out]).first.manifest.stated.files[0]
    (out / "0001.001").rename(tmp_path / "elsewhere")
    (out / "0001.001").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RefusedError, match="parcel_piece_missing"):
        Copies([out]).block(file, 0)
    (out / "0001.001").unlink()
    os.mkfifo(out / "0001.001")
    with pytest.raises(RefusedError, match="parcel_piece_missing"):
        Copies([out]).block(file, 0)
    (out / "manifest.json").unlink()
    os.mkfifo(out / "manifest.json")
    with pytest.raises(RefusedError, match="parcel_unreadable"):
        read_manifest(out)


def flip(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 4]))


def test_the_key_of_a_laptop_is_made_once_and_kept(tmp_path) -> None:
    key = device_key(tmp_path / "new")
    assert public_digits(device_key(tmp_path / "new")) == public_digits(key)
    assert (tmp_path / "new" / "device.key").stat().st_mode & 0o777 == 0o600
    digits = public_digits(key)
    shown = fingerprint(digits)
    assert shown.replace("-", "") == hashlib.sha256(bytes.fromhex(digits)).hexdigest()[:24]
    assert public_key_of(" " + digits.upper() + "\n") == digits
    for text in ("", "x" * 64, digits[:-1], digits + "0"):
        with pytest.raises(RefusedError, match="device_key_unreadable"):
            public_key_of(text)
    (tmp_path / "new" / "device.key").write_text("broken")
    with pytest.raises(RefusedError, match="device_key_unreadable"):
        device_key(tmp_path / "new")
