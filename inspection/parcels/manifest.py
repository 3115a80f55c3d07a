"""What a parcel holds, by hash, in the words of whoever packed it and under their signature."""

import errno
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final, Literal
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from geo.errors import RefusedError
from inspection.evidence.canonical import canonical_bytes, from_canonical

NAME: Final = "manifest.json"
SCHEMA: Final = "tinjau.parcel/1"
KIND: Final = "parcel"
"""What the manifest itself is among the uploads."""

BLOCK_BYTES: Final = 8 * 2**20
MOST_BYTES: Final = 64 * 2**20
"""Of a manifest: one of the largest files that are taken needs a third of a megabyte."""

MOST_FILES: Final = 9999

type Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
type Role = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
type Words = Annotated[str, StringConstraints(min_length=1, max_length=1024, pattern=r"^[^\x00]*$")]


class _Stated(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class PackedFile(_Stated):
    """One file of a parcel."""

    name: Words
    """As its packer called it: data, and never part of a path."""

    role: Role
    size: Annotated[int, Field(gt=0, lt=10**18)]
    sha256: Sha256
    blocks: list[Sha256]
    """Of each block, in their order."""


class Statement(_Stated):
    """What is signed."""

    schema_: Annotated[Literal["tinjau.parcel/1"], Field(alias="schema")] = SCHEMA
    permit: Annotated[UUID, Field(strict=False)]
    packed_at: Annotated[str, StringConstraints(max_length=40)]
    """As the laptop's clock said: a claim."""

    packed_by: Words | None = None
    """Claimed too; what counts is whose key it is."""

    flight: dict[str, Any] = {}
    """What the flight log among the files claims of the flight, less the names of people."""

    block_bytes: Annotated[int, Field(ge=1024, le=BLOCK_BYTES)]
    piece_blocks: Annotated[int, Field(ge=1, le=511)]
    """Blocks of one piece of a file: each stays below the 4 GiB that FAT32 does not take."""

    files: Annotated[list[PackedFile], Field(min_length=1, max_length=MOST_FILES)]

    @property
    def cut(self) -> "Cut":
        """How its files are cut."""
        return Cut(block_bytes=self.block_bytes, piece_blocks=self.piece_blocks)


@dataclass(frozen=True, kw_only=True)
class Cut:
    """How files are cut: into blocks, so that damage has a place, and pieces that sticks take."""

    block_bytes: int = BLOCK_BYTES
    piece_blocks: int = 128
    """1 GiB."""

    def blocks(self, size: int) -> int:
        """How many blocks a file has."""
        return -(-size // self.block_bytes)

    def pieces(self, size: int) -> list[int]:
        """Sizes of the pieces of a file."""
        most = self.piece_blocks * self.block_bytes
        return [min(most, size - start) for start in range(0, size, most)]


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A statement, and who vouches for it."""

    stated: Statement
    key: str
    """Ed25519, 32 bytes as digits. Whether anybody knows it is for the office to say."""

    sha256: str
    """Of the manifest's bytes."""


def sealed(stated: Statement, key: Ed25519PrivateKey) -> bytes:
    """Sign a statement: the bytes of a manifest."""
    content: dict[str, Any] = stated.model_dump(mode="json", by_alias=True)
    return canonical_bytes(
        {
            "parcel": content,
            "key": key.public_key().public_bytes_raw().hex(),
            "signature": key.sign(canonical_bytes(content)).hex(),
        }
    )


def manifest_of(content: bytes) -> Manifest:
    """
    Read a manifest and hold it against its signature.

    Raises
    ------
    RefusedError
        ``parcel_unreadable`` if it is none, ``parcel_altered`` if what it says is not what was
        signed, or not what makes sense.
    """
    if len(content) > MOST_BYTES:
        raise RefusedError("parcel_unreadable")
    try:
        document = from_canonical(content)
    except RefusedError as error:
        # Other bytes for the same values: somebody wrote it anew.
        altered = error.code == "document_not_canonical"
        raise RefusedError("parcel_altered" if altered else "parcel_unreadable") from error
    match document:
        case {"parcel": dict() as parcel, "key": str(key), "signature": str(signature)}:
            _require_signed(parcel, key, signature)
        case _:
            raise RefusedError("parcel_unreadable")
    try:
        stated = Statement.model_validate(parcel)
    except ValidationError as error:
        raise RefusedError("parcel_unreadable") from error
    if any(len(file.blocks) != stated.cut.blocks(file.size) for file in stated.files):
        raise RefusedError("parcel_altered")
    return Manifest(stated=stated, key=key, sha256=hashlib.sha256(content).hexdigest())


def read_manifest(folder: Path) -> tuple[Manifest, bytes]:
    """
    Read the manifest of a folder; give its bytes too.

    Raises
    ------
    RefusedError
        As `manifest_of`.
    """
    try:
        with opened(folder / NAME) as file:
            content = read_upto(file, MOST_BYTES + 1)
    except OSError as error:
        raise RefusedError("parcel_unreadable") from error
    return manifest_of(content), content


def opened(path: Path) -> BinaryIO:
    """Open what lies on somebody's stick: a file, and no link or pipe that looks like one."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    file = open(descriptor, "rb", buffering=0)  # noqa: PTH123, SIM115 - a descriptor, given away
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "no file")
    return file


def plain_name(path: Path) -> str:
    """Name of a file as text, also where its bytes are none."""
    return os.fsencode(path.name).decode(errors="replace")


def piece_name(file: int, piece: int) -> str:
    """Name of a piece on the stick: ours, for what people call their files fits on no stick."""
    return f"{file + 1:04}.{piece + 1:03}"


def read_upto(file: BinaryIO, most: int) -> bytes:
    """Read so many bytes, or all that there are."""
    content = b""
    while len(content) < most and (piece := file.read(most - len(content))):
        content += piece
    return content


def _require_signed(parcel: dict[str, Any], key: str, signature: str) -> None:
    # One way to write it: two manifests of one parcel would have two hashes.
    if (key.lower(), signature.lower()) != (key, signature):
        raise RefusedError("parcel_altered")
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(signature), canonical_bytes(parcel))
    except (InvalidSignature, ValueError) as error:
        raise RefusedError("parcel_altered") from error
