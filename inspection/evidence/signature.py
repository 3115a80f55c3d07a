"""Signing a report on paper: behind its bytes, into its box, with the key of a person or a body."""

import io
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.stamp import StaticStampStyle

from geo.errors import about, naming
from inspection.errors import DisprovedError, UsageError
from inspection.evidence.appearance import appearance
from inspection.evidence.examination import Look, content_of, examined
from inspection.evidence.key import Key, key_of
from inspection.evidence.proof import PaperProof
from inspection.evidence.signature_field import Appending, Rectangle, add_field, rectangle_of
from inspection.language import Language
from inspection.wording.catalogue import wording


@dataclass(frozen=True, kw_only=True)
class Act:
    """What the signer says with the signature."""

    moment: datetime
    reason: str | None = None
    place: str | None = None


def sign(  # noqa: PLR0913 - each is another thing that signing needs
    report: Path,
    out: Path,
    *,
    key: Path,
    passphrase: Callable[[], bytes],
    act: Act,
    font: Path,
    look: Look | None = None,
) -> PaperProof:
    """
    Sign a report into a new file and give what is then proven of it.

    The report itself is never changed; the new file appears whole or not at all, and only
    after it has been examined like anybody else's.

    Raises
    ------
    UsageError
        ``out_exists``, ``out_impossible``.
    DisprovedError
        ``report_not_intact``.
    RefusedError
        ``key_unreadable``, ``key_locked``, ``key_expired``, ``signature_box_missing``, or why
        the report could not be read.
    """
    if out.exists() or out.is_symlink():
        raise UsageError("out_exists", name=out.name)
    with naming(report):
        content = content_of(report)
        proof = examined(content, look=look)
        if proof.flaws:
            raise DisprovedError("report_not_intact", where=proof.flaws[0].file)
    with naming(key):
        opened = key_of(key.read_bytes(), passphrase(), now=act.moment)
    with about(report.name):
        signed = _signed(content, proof, opened, act, font)
    result = examined(signed, look=look)
    if result.flaws:
        raise DisprovedError("report_not_intact", where=result.flaws[0].file)
    _publish(signed, out)
    return result


def _signed(content: bytes, proof: PaperProof, key: Key, act: Act, font: Path) -> bytes:
    writer = Appending(io.BytesIO(content))
    words = wording(Language(proof.language or Language.ENGLISH))
    is_first = not any(one.kind == "signature" for one in proof.signatures)
    rectangle: Rectangle | None = None
    lines: list[str] = []
    if is_first:
        rectangle = rectangle_of(proof.box, writer)
        lines = [words.say("signature.signed"), key.name]
        lines += [key.organisation] if key.organisation else []
        lines += [act.moment.strftime("%Y-%m-%d %H:%M %Z")]
        lines += [words.say("signature.reason", reason=act.reason)] if act.reason else []
        lines += [words.say("signature.place", place=act.place)] if act.place else []
    name = add_field(
        writer,
        page=proof.box.page if proof.box and is_first else 1,
        rectangle=rectangle,
        title=words.say("signature.title"),
    )
    with tempfile.TemporaryDirectory() as folder:
        signer = signers.PdfSigner(
            signers.PdfSignatureMetadata(
                field_name=name,
                subfilter=SigSeedSubFilter.PADES,
                reason=act.reason,
                location=act.place,
            ),
            signer=key.signer,
            stamp_style=_face(lines, rectangle, font, Path(folder)),
        )
        signed: io.BytesIO = signer.sign_pdf(writer, output=io.BytesIO())
    return signed.getvalue()


def _face(
    lines: Sequence[str], rectangle: Rectangle | None, font: Path, folder: Path
) -> StaticStampStyle:
    drawn = folder / "face.pdf"
    if rectangle is None:
        return StaticStampStyle(border_width=0)
    left, low, right, high = rectangle
    drawn.write_bytes(appearance(lines, width_pt=right - left, height_pt=high - low, font=font))
    return StaticStampStyle.from_pdf_file(
        str(drawn),
        border_width=0,
        background_layout=SimpleBoxLayoutRule(
            x_align=AxisAlignment.ALIGN_MID,
            y_align=AxisAlignment.ALIGN_MID,
            margins=Margins.uniform(0),
        ),
    )


def _publish(content: bytes, out: Path) -> None:
    """Let the file appear whole, and never in place of another that came meanwhile."""
    try:
        with tempfile.NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.") as draft:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
            Path(draft.name).chmod(0o666 & ~_mask())
            _name(Path(draft.name), out)
    except FileExistsError as error:
        raise UsageError("out_exists", name=out.name) from error
    except (PermissionError, NotADirectoryError, FileNotFoundError) as error:
        raise UsageError("out_impossible", name=out.name) from error


def _name(draft: Path, out: Path) -> None:
    try:
        os.link(draft, out)
    except FileExistsError:
        raise
    except OSError:
        # Some memory sticks know no second name for a file: then a copy, still never over another.
        with out.open("xb") as copy:
            copy.write(draft.read_bytes())
            os.fsync(copy.fileno())


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
