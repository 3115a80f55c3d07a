"""The report as PDF: typst sets the blocks, which it is handed as JSON."""

import json
from importlib.resources import files
from pathlib import Path

import typst

from inspection.report.content import Report
from inspection.report.fonts import CODES, FAMILIES, folder

TEMPLATE = "report.typ"


def typeset(report: Report, *, desk: Path, attached: bytes | None) -> bytes:
    """
    Set a report.

    Parameters
    ----------
    report
        What to print.
    desk
        A folder that holds the drawings, `NAME.svg` each; it is written into.
    attached
        inspection.json, to be embedded; None where the paper must stay light.
    """
    content = report.plain() | {"fonts": list(FAMILIES), "code_font": CODES}
    (desk / "report.json").write_text(json.dumps(content), "utf-8")
    template = files("inspection.report").joinpath("templates", TEMPLATE)
    (desk / TEMPLATE).write_bytes(template.read_bytes())
    if attached is not None:
        (desk / "inspection.json").write_bytes(attached)
    compiler = typst.Compiler(
        desk / TEMPLATE,
        root=desk,
        font_paths=[folder()],
        ignore_system_fonts=True,
        sys_inputs={"embed": "yes" if attached else ""},
    )
    # Archival, with embedded data, tagged (PDF/A-3a); and accessible (PDF/UA-1).
    pdf = compiler.compile(format="pdf", pdf_standards=["a-3a", "ua-1"])
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no document")
    return pdf
