"""The seal on paper: the hash in full, a short code for people, and a QR for their phones."""

from io import BytesIO

import segno

from inspection.document import Inspection

CODE_DIGITS, GROUP = 16, 4


def verification_code(sha256: str) -> str:
    """First digits of the hash, in groups that can be read out on the telephone."""
    digits = sha256[:CODE_DIGITS].upper()
    return "-".join(digits[at : at + GROUP] for at in range(0, CODE_DIGITS, GROUP))


def verification_text(inspection: Inspection, sha256: str, *, at: str) -> str:
    """What the QR says: the code at the office's address, or what to compare by hand."""
    if at:
        return f"{at}{verification_code(sha256)}"
    return f"TINJAU {inspection.id} SHA256 {sha256}"


def qr_drawing(text: str) -> bytes:
    """Draw the QR."""
    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", border=2, scale=4, xmldecl=False, svgns=True, nl=False, omitsize=False
    )
    return drawn.getvalue()
