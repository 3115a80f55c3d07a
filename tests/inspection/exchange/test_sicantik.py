"""One row for each step of an application: brought together, with its states and its dates."""

from inspection.exchange.permits.vocabulary import Field, Key
from tests.inspection.exchange.conftest import SECRETS, codes, plain, read


def step(code, status, began, ended="0001-01-01 00:00:00", **more):
    return {
        "permohonan_izin_id": 77,
        "no_permohonan": "0042/CONTOH/2026",
        "nama": "CV Sintetis Dua",
        "jenis_izin": "SIPB Sintetis",
        "jenis_proses_id": code,
        "nama_proses": f"Langkah {code}",
        "status": status,
        "start_date": began,
        "end_date": ended,
        "no_izin": None,
        "tgl_penetapan": "0000-00-00",
        **SECRETS,
        **more,
    }


ROWS = [
    step(18, "Selesai", "2026-01-05 08:00:00", "2026-01-05 08:10:00"),
    step(2, "Proses", "2026-01-05 08:10:00"),
    step(7, "Menunggu", "0000-00-00 00:00:00"),
    step(
        18,
        "Selesai",
        "2026-02-01 09:00:00",
        permohonan_izin_id=78,
        no_permohonan="0043/CONTOH/2026",
    ),
]


def test_rows_are_one_application_each_whatever_the_office_calls_them(as_json):
    for content in (
        {"success": True, "message": "", "data": {"berkas": ROWS, "page": 1, "total_items": 4}},
        {"data": {"count": [{"jumlah": 4}], "data": ROWS}},
        {"items": ROWS},
    ):
        reading = read(as_json(content), "sicantik")
        first, second = reading.permits
        assert (reading.refused, reading.problems) == (0, ())
        assert plain(first) == {
            "application_id": "77",
            "application_number": "0042/CONTOH/2026",
            "holder_name": "CV Sintetis Dua",
            "permit_name": "SIPB Sintetis",
        }
        assert second.key(Key.APPLICATION_NUMBER) == "0043/CONTOH/2026"
        assert [(s.code, s.state, s.began, s.ended) for s in first.steps] == [
            ("7", "waiting", None, None),
            ("18", "done", "2026-01-05T08:00:00", "2026-01-05T08:10:00"),
            ("2", "active", "2026-01-05T08:10:00", None),
        ]


def test_values_that_come_late_belong_to_the_whole_application(as_json):
    rows = [
        *ROWS[:2],
        step(40, "Selesai", "2026-01-07", no_izin="1/SIPB/2026", tgl_penetapan="2026-01-07"),
    ]
    (permit,) = read(as_json({"data": rows}), "sicantik").permits
    assert permit.key(Key.PERMIT_NUMBER) == "1/SIPB/2026"
    assert permit.agreed(Field.ISSUED_ON).value == "2026-01-07"
    assert permit.agreed(Field.ISSUED_ON).where == "/data/2/tgl_penetapan"


def test_rows_that_differ_are_shown_as_a_conflict(as_json):
    rows = [ROWS[0], step(2, "Proses", "2026-01-05", nama="CV Sintetis Lain")]
    (permit,) = read(as_json({"data": rows}), "sicantik").permits
    assert permit.conflicts == (Field.HOLDER_NAME,)
    assert permit.agreed(Field.HOLDER_NAME) is None
    assert {v.value for v in permit.values[Field.HOLDER_NAME]} == {
        "CV Sintetis Dua",
        "CV Sintetis Lain",
    }


def test_an_office_says_what_its_steps_mean(as_json, tmp_path):
    office = tmp_path / "office.toml"
    office.write_text(
        'extends = "sicantik"\nname = "office"\nversion = "2026-11-29"\n'
        '[record.row.step]\noutside_clock = ["18"]\n'
        '[record.row.step.means]\n"18" = "registered"\n"2" = "complete"\n'
    )
    first, _ = read(as_json(ROWS), str(office)).permits
    told = {one.code: (one.meaning, one.counts) for one in first.steps}
    assert told == {"18": ("registered", False), "2": ("complete", True), "7": (None, True)}
    assert {s.meaning for s in read(as_json(ROWS), "sicantik").permits[0].steps} == {None}


def test_a_state_that_nobody_foresaw_is_kept_and_told(as_json):
    (permit,) = read(as_json([step(2, "Ditunda", "2026-01-05")]), "sicantik").permits
    (one,) = permit.steps
    assert (one.state, one.status) == (None, "Ditunda")
    assert codes(permit.problems) == ["import_state_unknown"]


def test_a_step_whose_date_cannot_be_read_keeps_the_rest(as_json):
    (permit,) = read(as_json([step(2, "Proses", "05/01/2026")]), "sicantik").permits
    assert permit.steps[0].began is None
    assert [(p.code, p.where, p.facts["field"]) for p in permit.problems] == [
        ("import_date_unreadable", "/0/start_date", "began")
    ]
