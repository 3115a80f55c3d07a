"""The command: what an import would bring, in words and as JSON, and nobody's personal data."""

import json
import logging
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from geo.errors import GeoError
from inspection.__main__ import app
from inspection.access.people import first_admin
from inspection.exchange.permits.merging import merged
from inspection.language import Language
from inspection.records.tables.audit import AuditEvent
from inspection.records.tables.offices import User
from inspection.records.tables.permits import ImportedValue, Permit
from inspection.settings import Settings
from inspection.wiring import open_database
from tests.inspection.conftest import run
from tests.inspection.exchange.conftest import LICENCE, NIB, PROJECT, SECRETS, read
from tests.inspection.exchange.test_sicantik import step

WIDE = {"COLUMNS": "300"}


class Installed:
    """An installation with one office, and the command called on it within this process."""

    def __init__(self, data, capsys):
        self._data, self._capsys = data, capsys
        with self.session(first_admin, profile="generic", language=Language.ENGLISH):
            pass
        self("user", "add", "gina", "--role", "gis")

    @contextmanager
    def session(self, make=None, **more):
        records, engine = open_database(Settings(data=self._data))
        if make:
            make(records, **more)
        with records.reading_all() as session:
            yield session
        engine.dispose()

    def __call__(self, *words):
        """What it prints."""
        self.code = app([str(word) for word in words], standalone_mode=False)
        return self._capsys.readouterr().out

    def changes(self, *words):
        told = json.loads(self("import", *words, "--json"))
        return told["imported"], told["changes"]

    def permits(self):
        with self.session() as session:
            return session.scalar(select(func.count(Permit.id)))

    def values(self):
        with self.session() as session:
            return {one.field: one.value for one in session.scalars(select(ImportedValue))}


@pytest.fixture
def installed(tmp_path, monkeypatch, capsys):
    for name, value in {**WIDE, "TINJAU_DATA": str(tmp_path / "data")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TINJAU_LANGUAGE", "en")
    return Installed(tmp_path / "data", capsys)


def test_a_dry_run_says_exactly_what_an_import_then_does(as_json, nib, installed):
    ask = (as_json(nib), "--mapping", "oss-nib")
    is_done, dry = installed.changes(*ask, "--dry-run")
    assert (is_done, installed.permits()) == (False, 0)
    assert (dry[0]["new"], dry[0].pop("import_id")) == (1, None)
    is_done, real = installed.changes(*ask, "--by", "gina")
    assert is_done
    assert real[0].pop("import_id")
    assert real == dry
    with installed.session() as session:
        gina = session.scalars(select(User.id).where(User.login == "gina")).one()
        applied = select(AuditEvent.actor).where(AuditEvent.action == "import.applied")
        assert session.scalars(applied).all() == [str(gina)]
    changes = {one["field"]: one["value"] for one in real[0]["permits"][0]["changes"]}
    assert (installed.permits(), installed.values()) == (1, changes)
    _, again = installed.changes(*ask)
    assert (again[0]["was_taken"], again[0]["permits"]) == (True, [])
    nib["dataNIB"]["nama_perseroan"] = "PT Sintetis Dua"
    told = installed("import", as_json(nib, "later.json"), "--mapping", "oss-nib")
    assert f"{LICENCE}: holder_name was PT Sintetis Satu, is PT Sintetis Dua" in told
    assert "This is on the record now." in told


def test_what_is_said_of_a_project_reaches_its_permit_whatever_the_order(
    as_json, as_sheet, nib, installed
):
    headings = ["id_proyek", "nib", "nama_proyek"]
    sheet = as_sheet([headings, [PROJECT, NIB, "Galian Sintetis"]], titled="Proyek")
    files = (sheet, as_json(nib), "--mapping", "oss-proyek", "--mapping", "oss-nib")
    _, told = installed.changes(*files)
    assert [(one["new"], one["changed"], one["unclear"]) for one in told] == [(1, 0, 0), (0, 1, 0)]
    assert (installed.permits(), installed.values()["project_name"]) == (1, "Galian Sintetis")


def test_a_refused_file_keeps_the_others_out(as_json, nib, tmp_path, installed):
    ask = (tmp_path / "missing.json", as_json(nib), "--mapping", "oss-nib")
    assert installed.changes(*ask) == (False, [])
    assert (installed.code, installed.permits()) == (3, 0)


def test_where_nothing_is_taken_in_it_says_so(as_json, nib, tmp_path, installed):
    good = as_json(nib, "good.json")
    assert "This is on the record now." in installed("import", good, "--mapping", "oss-nib")
    again = installed("import", good, "--mapping", "oss-nib")
    assert "nothing changes" in again
    assert "Nothing was taken in" in again
    assert "on the record now" not in again
    missing = installed("import", tmp_path / "missing.json", "--mapping", "oss-nib")
    assert "what an import would bring" not in missing
    assert "Nothing was taken in" in missing
    assert "Holder" not in missing
    bad = as_json({"dataNIB": {"nib": 12, "nama_perseroan": "PT Sintetis"}}, "bad.json")
    for words in ([], [], ["--dry-run"]):
        told = json.loads(installed("import", bad, "--mapping", "oss-nib", *words, "--json"))
        assert [(one["records"], one["refused"]) for one in told["files"]] == [(1, 1)]
        assert [one["code"] for one in told["refused"]] == ["import_all_refused"]
        assert (installed.code, told["imported"]) == (3, False)
        assert not any(one["was_taken"] for one in told["changes"])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--by", "admin"], "not_allowed"),
        (["--by", "nobody"], "user_unknown"),
        (["--office", "elsewhere"], "office_unknown"),
        (["--stage", "drawn"], "stage_unknown"),
    ],
)
def test_who_may_not_and_what_is_not_there(as_json, nib, installed, words, code):
    with pytest.raises(GeoError, match=code):
        installed("import", as_json(nib), "--mapping", "oss-nib", *words)
    assert installed.permits() == 0


def rows():
    return [step(18, "Selesai", "2026-01-05"), step(2, "Proses", "05/01/2026")]


def test_it_says_in_words_what_an_import_would_bring(as_json, nib):
    nib["dataNIB"]["data_proyek"][0]["kbli"] = 8103
    path = as_json(nib)
    done = run("import", path, "--mapping", "oss-nib", "--dry-run", "--language", "en", env=WIDE)
    assert done.returncode == 0, done.stderr
    for told in (
        "Records read: 3, refused: 0",
        "(latitude, longitude)",
        LICENCE,
        "PT Sintetis Satu",
        "penanggung_jwb (1)",
        "[import_code_digits_lost]",
        "/dataNIB/data_proyek/0/kbli",
        "Nothing was imported",
    ):
        assert told in done.stdout, told
    assert "Candidate" not in done.stdout


def test_it_gives_machines_everything_with_its_provenance(as_json, nib):
    oss, office = as_json(nib, "oss.json"), as_json(rows(), "sicantik.json")
    done = run(
        "import",
        oss,
        office,
        "--mapping",
        "oss-nib",
        "--mapping",
        "sicantik",
        "--json",
        "--dry-run",
    )
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
    args = ("import", missing, as_json(nib), "--mapping", "oss-nib", "--json", "--dry-run")
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
        done = run("import", path, "--mapping", "sicantik", "--dry-run", *more, env=env)
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
