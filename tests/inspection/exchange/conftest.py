"""Exports as other systems write them, made of values that belong to nobody."""

import json
from datetime import UTC, datetime

import openpyxl
import pytest

from inspection.exchange.permits.mapping import read_mapping
from inspection.exchange.permits.reading import read_permits

NOW = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)
NIB = "0123456789012"
PROJECT, LICENCE = "R-202100000000000000001", "I-202100000000000000001"
SECRETS = {
    "no_identitas": "3201019999999999",
    "tgl_lahir": "1977-07-17",
    "jenis_kelamin": "SYNTHETIC-GENDER",
    "no_hp": "+62811999888777",
    "email": "synthetic.person@example.invalid",
    "alamat": "Jalan Sintetis Nomor Rahasia 99",
}
"""Personal data of nobody, which must not come out anywhere."""


def read(path, name):
    return read_permits(path, read_mapping(name), imported_at=NOW)


def plain(permit):
    """Keys and agreed values of a permit, bare."""
    keys = {str(key): permit.key(key) for key in permit.keys}
    values = {str(n): v.value for n in permit.values if (v := permit.agreed(n))}
    return keys | values


def codes(problems):
    return [one.code for one in problems]


@pytest.fixture
def as_json(tmp_path):
    def write(content, name="export.json"):
        path = tmp_path / name
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, "utf-8")
        return path

    return write


@pytest.fixture
def as_sheet(tmp_path):
    """A workbook of one sheet, or of several by their titles."""

    def write(rows, name="export.xlsx", *, titled="Izin", before=None):
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = titled
        for row in rows:
            sheet.append(row)
        if before:
            before(book)
        path = tmp_path / name
        book.save(path)
        return path

    return write


@pytest.fixture
def nib():
    """The published shape of what OSS sends, with the key that ends in a blank."""
    return {
        "dataNIB": {
            "nib": NIB,
            "oss_id": "P02-1",
            "tgl_terbit_nib": "2021-08-09",
            "tgl_perubahan_nib": "0000-00-00",
            "nama_perseroan": "PT Sintetis Satu",
            "alamat_perseroan": SECRETS["alamat"],
            "email_perusahaan": SECRETS["email"],
            "nomor_telpon_perseroan": SECRETS["no_hp"],
            "status_nib": "01",
            "tipe_dokumen ": "9",
            "penanggung_jwb": [{"no_identitas": SECRETS["no_identitas"]}],
            "data_proyek": [
                {
                    "id_proyek": PROJECT,
                    "kbli": "08103",
                    "sektor": "020",
                    "luas_tanah": "4,5",
                    "satuan_luas_tanah": "02",
                    "nama_kegiatan": "Tambang Sintetis",
                    "data_lokasi_proyek": [
                        {
                            "proyek_daerah_id": "3201000000",
                            "data_lokasi_proyek": [
                                {"serial": "1", "lat_lng": "-6.5, 107.2"},
                                {"serial": "2", "lat_lng": "-6.6, 107.3"},
                            ],
                        }
                    ],
                }
            ],
            "data_checklist": [
                {
                    "id_izin": LICENCE,
                    "id_proyek": PROJECT,
                    "jenis_izin": "02",
                    "kd_daerah": "3201000000",
                    "nama_izin": "IUP Sintetis",
                    "kewenangan": "01",
                    "no_izin": "",
                    "tgl_izin": "2022-03-04",
                    "data_persyaratan": [],
                }
            ],
        }
    }
