"""The command: what an import would bring, in words and as JSON, and nobody's personal data."""

import json
import logging

from inspection.exchange.permits.merging import merged
from tests.inspection.conftest import run
from tests.inspection.exchange.conftest import LICENCE, SECRETS, read
from tests.inspection.exchange.test_sicantik import step

WIDE = {"COLUMNS": "300"}


def rows():
    return [step(18, "Selesai", "2026-01-05"), step(2, "Proses", "05/01/2026")]


def test_it_says_in_words_what_an_import_would_bring(as_json, nib):
    nib["dataNIB"]["data_proyek"][0]["kbli"] = 8103
    path = as_json(nib)
    done = run("import", path, "--mapping", "oss-nib", "--dry-run", "--language", "en", env=WIDE)
    assert done.returncode == 0, done.stderr
    for told in (
        "3 records read, 0 of them refused",
        LICENCE,
        "PT Sintetis Satu",
        "penanggung_jwb (1)",
        "[import_code_digits_lost]",
        "/dataNIB/data_proyek/0/kbli",
        "Nothing was imported",
    ):
        assert told in done.stdout, told


def test_it_gives_machines_everything_with_its_provenance(as_json, nib):
    oss, office = as_json(nib, "oss.json"), as_json(rows(), "sicantik.json")
    done = run("import", oss, office, "--mapping", "oss-nib", "--mapping", "sicantik", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["schema"], told["imported"], len(told["permits"])) == ("tinjau.import/1", False, 2)
    shas = {one["sha256"] for one in told["files"]}
    for permit in told["permits"]:
        for values in (*permit["keys"].values(), *permit["values"].values()):
            assert {one["file"] for one in values} <= shas
            assert all(one["where"] and one["written"] for one in values)
    assert [len(one["steps"]) for one in told["permits"]] == [0, 2]


def test_one_refused_file_leaves_the_others_and_is_told(as_json, nib, tmp_path):
    missing = tmp_path / "missing.json"
    args = ("import", missing, as_json(nib), "--mapping", "oss-nib", "--json")
    done = run(*args, "--language", "id")
    assert done.returncode == 3
    error = json.loads(done.stderr.splitlines()[-1])
    assert (error["code"], error["file"]) == ("input_missing", "missing.json")
    told = json.loads(done.stdout)
    assert [one["code"] for one in told["refused"]] == ["input_missing"]
    assert len(told["permits"]) == 1


def test_as_many_mappings_as_files_or_one(as_json, nib):
    path = as_json(nib)
    done = run("import", path, "--mapping", "oss-nib", "--mapping", "wiup")
    assert done.returncode == 2
    assert json.loads(done.stderr.splitlines()[-1])["code"] == "import_mappings_uneven"
    assert run("import", path).returncode == 2


def test_personal_data_come_out_nowhere(as_json):
    office = rows()
    office.append({**SECRETS, "nama_proses": "nothing that names an application"})
    path = as_json({"data": {"berkas": office}})
    env = {**WIDE, "TINJAU_DEBUG": "1"}
    for more in (["--language", "en"], ["--language", "id", "--json"]):
        done = run("import", path, "--mapping", "sicantik", *more, env=env)
        assert done.returncode == 0, done.stderr
        for name, secret in SECRETS.items():
            assert secret not in done.stdout + done.stderr, name
            assert name in done.stdout, "it is counted by its name"


def test_personal_data_reach_neither_values_nor_errors_nor_logs(as_json, as_sheet, caplog):
    caplog.set_level(logging.DEBUG)
    headings = ["id_proyek", "NIB", "Nama_User", "E-mail ", "EMAIL", "Nomor Telp", "Alamat Usaha"]
    secrets = [SECRETS[name] for name in ("no_identitas", "email", "email", "no_hp", "alamat")]
    files = [
        (as_json({"data": rows()}), "sicantik"),
        (as_sheet([headings, ["R-1", 12, *secrets]], titled="Proyek"), "oss-proyek"),
    ]
    told = ""
    for path, name in files:
        reading = read(path, name)
        told += repr(reading) + repr(merged(reading.permits))
        told += repr([vars(one) for one in reading.permits])
    assert "import_code_digits_lost" in told, "the number that stands for a code is told"
    for name in ("no_identitas", "tgl_lahir", "jenis_kelamin", "no_hp", "alamat"):
        assert SECRETS[name] not in told + caplog.text, name
    assert SECRETS["email"] not in told + caplog.text
