"""How long nine thousand records take to be read and brought together, form by form."""

import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import openpyxl

from inspection.exchange.permits.mapping import read_mapping
from inspection.exchange.permits.merging import merged
from inspection.exchange.permits.reading import read_permits

COUNT = 9000
STEPS = 5
HEADINGS = (
    "id_permohonan_izin",
    "nama_perusahaan",
    "nib",
    "day_of_tanggal_terbit_oss",
    "kab_kota",
    "id_proyek",
    "kbli",
    "day_of_tgl_izin",
    "nama_dokumen",
    "uraian_status_respon",
    "email",
)


def permit(n: int) -> list[str]:
    """Cells of one permit."""
    own = [f"I-{n:021}", f"PT Sintetis {n}", f"{n:013}", "2021-08-09", "KOTA CONTOH"]
    return [*own, f"R-{n:021}", "08103", "25/03/2024", "IUP", "Terbit", f"{n}@example.invalid"]


def workbook(folder: Path) -> Path:
    """An export as XLSX."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Izin")
    sheet.append(HEADINGS)
    for n in range(COUNT):
        sheet.append(permit(n))
    book.save(folder / "izin.xlsx")
    return folder / "izin.xlsx"


def text(folder: Path) -> Path:
    """The same as CSV."""
    lines = [HEADINGS, *(permit(n) for n in range(COUNT))]
    path = folder / "izin.csv"
    path.write_text("\n".join(";".join(line) for line in lines))
    return path


def steps(folder: Path) -> Path:
    """Rows of the steps of as many applications, JSON."""
    rows = [
        {
            "permohonan_izin_id": n,
            "no_permohonan": f"{n:05}/CONTOH",
            "nama": f"CV Sintetis {n}",
            "jenis_izin": "SIPB",
            "jenis_proses_id": step,
            "nama_proses": f"Langkah {step}",
            "status": "Selesai",
            "start_date": f"2026-01-{step + 1:02} 08:00:00",
            "end_date": "0001-01-01 00:00:00",
            "no_hp": f"+62{n}",
        }
        for n in range(COUNT)
        for step in range(STEPS)
    ]
    path = folder / "sicantik.json"
    path.write_text(json.dumps({"data": {"berkas": rows}}))
    return path


def main() -> None:
    """Print a line for each form."""
    print(f"{'file':16}{'records':>9}{'permits':>9}{'read s':>9}{'joined s':>10}")
    with tempfile.TemporaryDirectory() as name:
        for make, mapping in ((workbook, "oss-izin"), (text, "oss-izin"), (steps, "sicantik")):
            path = make(Path(name))
            begun = time.perf_counter()
            reading = read_permits(path, read_mapping(mapping), imported_at=datetime.now(UTC))
            read = time.perf_counter()
            permits = merged(reading.permits)
            joined = time.perf_counter()
            print(
                f"{path.name:16}{reading.records:9}{len(permits):9}"
                f"{read - begun:9.2f}{joined - read:10.2f}"
            )


if __name__ == "__main__":
    main()
