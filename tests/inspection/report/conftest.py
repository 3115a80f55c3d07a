"""Reports made from the small site's inspection, changed where a test wants it otherwise."""

import re
import subprocess
import unicodedata
from dataclasses import dataclass, replace
from math import cos, pi, sin
from pathlib import Path

import pytest

from inspection.document import Finding, Inspection
from inspection.language import Language
from inspection.model import RegistrationStatus
from inspection.report.issue import issue
from inspection.schema import from_json


@dataclass(frozen=True, kw_only=True)
class Printed:
    """The three files of one report."""

    folder: Path
    inspection: Inspection
    language: Language

    @property
    def pdf(self):
        return self.folder / "report.pdf"

    @property
    def light(self):
        return self.folder / "report-light.pdf"

    @property
    def html(self):
        return (self.folder / "report.html").read_text("utf-8")

    def text(self, name="report.pdf"):
        """All text of a PDF, as an independent reader extracts it; blanks folded."""
        return plain(poppler("pdftotext", "-layout", self.folder / name, "-"))

    def body(self):
        """The same without what stands on every page: words may go on from page to page."""
        return plain("".join(self.pages()))

    def pages(self, name="report.pdf"):
        """The text of each page between its header and its footer."""
        text = poppler("pdftotext", "-layout", self.folder / name, "-")
        lines = [page.strip().splitlines() for page in text.split("\f")[:-1]]
        return ["\n".join(page[1:-1]) for page in lines]


def poppler(*words):
    """A tool of poppler: a PDF reader that we did not write."""
    try:
        done = subprocess.run(list(map(str, words)), capture_output=True, check=True, timeout=60)
    except FileNotFoundError:
        pytest.skip("needs the system package poppler-utils")
    return done.stdout.decode("utf-8")


INVISIBLE = re.compile("[\u200b\u202a-\u202e\u2066-\u2069]")


def plain(text):
    """Text without blanks and without the marks that readers add around right-to-left words."""
    return re.sub(r"\s+", "", INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))


@pytest.fixture(scope="session")
def told(inspected):
    """The small site's inspection as a value."""
    return from_json(inspected.document)


@pytest.fixture(scope="session")
def printing(inspected, tmp_path_factory):
    """Print an inspection, with the pictures of the small site."""

    def printed(inspection, language=Language.ENGLISH):
        out = tmp_path_factory.mktemp("printed")
        issue(inspection, pictures=inspected.folder, out=out, language=language)
        return Printed(folder=out, inspection=inspection, language=language)

    return printed


@pytest.fixture(scope="session")
def english(told, printing):
    return printing(told)


@pytest.fixture(scope="session")
def indonesian(told, printing):
    return printing(told, Language.INDONESIAN)


def single_date(inspection):
    """The same ground with nothing to compare it with."""
    return replace(
        inspection,
        flights=replace(inspection.flights, baseline=None),
        registration=replace(
            inspection.registration,
            status=RegistrationStatus.NO_BASELINE,
            residual_m=None,
            shift_m=None,
            affine=None,
        ),
        ledger_ha=replace(inspection.ledger_ha, new=None, recovered=None),
        findings=[one for one in inspection.findings if one.epoch == "standing"],
    )


def many(inspection, count, corners=40):
    """So many findings: circles in rows over the permit, of ever another class and state."""
    like = inspection.findings[0]
    return replace(inspection, findings=[_circle(like, n, corners) for n in range(count)])


def _circle(like: Finding, number: int, corners: int) -> Finding:
    x = like.longitude + (number % 20 - 10) * 5e-5
    y = like.latitude + (number // 20 - 7) * 5e-5
    angles = [2 * pi * k / corners for k in range(corners)]
    ring = [(round(x + 2e-5 * cos(a), 9), round(y + 2e-5 * sin(a), 9)) for a in angles]
    epoch = ("new", "standing", "recovered")[number % 3]
    return replace(
        like,
        id=f"F{number + 1:03d}",
        epoch=epoch,
        area_m2=100.0 + number,
        vertices=[[[*ring, ring[0]]]],
    )
