"""Whatever goes wrong ends with its exit code, one JSON object, and nothing half-written."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine

from tests.inspection.conftest import (
    PERMIT,
    SIDE_PX,
    picture,
    run,
    transform,
    write_boundary,
    write_picture,
)


def told(done):
    """The JSON object on the last line of standard error."""
    last = done.stderr.strip().splitlines()[-1]
    found = json.loads(last)
    assert set(found) == {"code", "message", "hint", "file", "where"}
    assert found["message"]
    assert found["hint"]
    assert "Traceback" not in done.stderr
    return found


def require_clean(folder):
    assert [path.name for path in folder.iterdir()] == [], "nothing is left half-written"


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def inspect(home, *, boundary, current, **options):
    words = [
        word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", value)
    ]
    return run(
        "inspect", "--boundary", boundary, "--current", current, "--out", home / "out", *words
    )


def truncated(site, path):
    content = (site.folder / "current.tif").read_bytes()
    path.write_bytes(content[: len(content) // 2])


def without_crs(_site, path):
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=64,
        height=64,
        count=3,
        dtype="uint8",
        photometric="RGB",
        transform=transform(),
    ) as target:
        target.write(np.full((3, 64, 64), 90, np.uint8))


def text(_site, path):
    path.write_text("this is no image")


def elsewhere(_site, path):
    pixels = np.full((3, SIDE_PX, SIDE_PX), 90, np.uint8)
    write_picture(path, pixels, placed=Affine.translation(50_000, 0) @ transform())


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (truncated, "image_truncated"),
        (without_crs, "image_without_crs"),
        (text, "image_type_unknown"),
        (elsewhere, "boundary_outside_image"),
    ],
)
def test_an_image_that_cannot_be_used_is_refused(site, home, tmp_path, spoil, code):
    path = tmp_path / "spoiled.tif"
    spoil(site, path)
    done = inspect(home, boundary=site.file("boundary.geojson"), current=path)
    assert done.returncode == 3, done.stderr
    assert (told(done)["code"], told(done)["file"]) == (code, "spoiled.tif")
    require_clean(home)


RING = [[115.5, -3.5], [115.501, -3.5], [115.501, -3.499], [115.5, -3.499], [115.5, -3.5]]


@pytest.mark.parametrize(
    ("coordinates", "code"),
    [
        ([], "boundary_empty"),
        ([[RING[0], RING[2], RING[1], RING[3], RING[0]]], "boundary_self_crosses"),
        ([[[x * 111_000, y] for x, y in RING]], "boundary_not_degrees"),
    ],
)
def test_a_boundary_that_cannot_be_used_is_refused(site, home, tmp_path, coordinates, code):
    path = tmp_path / "bad.geojson"
    path.write_text(json.dumps({"type": "Polygon", "coordinates": coordinates}))
    done = inspect(home, boundary=path, current=site.file("current.tif"))
    assert done.returncode == 3
    assert (told(done)["code"], told(done)["file"]) == (code, "bad.geojson")
    require_clean(home)


@pytest.mark.parametrize("option", ["boundary", "current", "baseline", "permit", "control_points"])
def test_a_file_that_is_not_there_is_named(site, home, option):
    files = {"boundary": site.file("boundary.geojson"), "current": site.file("current.tif")}
    done = inspect(home, **{**files, option: "nowhere.xyz"})
    assert done.returncode == 3
    assert (told(done)["code"], told(done)["file"]) == ("input_missing", "nowhere.xyz")
    require_clean(home)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("{", "permit_unreadable"),
        ('{"id": "A", "nib": 91203151811810005999}', "permit_not_exact"),
        ('{"id": "A", "luas": NaN}', "permit_not_exact"),
        ('{"holder": "x"}', "permit_value"),
        ('{"id": 7}', "permit_value"),
    ],
)
def test_a_permit_that_cannot_be_read_is_refused(site, home, tmp_path, content, code):
    path = tmp_path / "permit.json"
    path.write_text(content)
    done = inspect(
        home, boundary=site.file("boundary.geojson"), current=site.file("current.tif"), permit=path
    )
    assert (done.returncode, told(done)["code"]) == (3, code)
    require_clean(home)


def test_an_existing_folder_is_never_touched(site, home):
    (home / "out").mkdir()
    (home / "out" / "mine.txt").write_text("keep")
    done = inspect(home, boundary=site.file("boundary.geojson"), current=site.file("current.tif"))
    assert (done.returncode, told(done)["code"]) == (2, "out_exists")
    assert (home / "out" / "mine.txt").read_text() == "keep"


@pytest.mark.parametrize(
    "words",
    [
        ["inspect"],
        ["inspect", "--nonsense"],
        ["nonsense"],
        ["inspect", "--language", "fr"],
        ["verify"],
    ],
)
def test_a_command_that_is_wrong_says_so(words):
    done = run(*words)
    assert (done.returncode, told(done)["code"]) == (2, "usage")


def test_it_says_so_in_the_language_asked_for():
    done = run("inspect", "--nonsense", "--language", "id")
    message = "Perintah tidak dipahami: tidak ada opsi --nonsense. Yang mirip: --baseline."
    assert told(done)["message"] == message


@pytest.mark.parametrize(("language", "word"), [("en", "disk"), ("id", "berkas")])
def test_the_message_is_in_the_language_asked_for(home, language, word):
    done = inspect(home, boundary="nowhere", current="nowhere", language=language)
    assert word in (told(done)["message"] + told(done)["hint"]).lower() or language == "en"
    assert (
        told(done)["message"]
        != told(
            inspect(home, boundary="x", current="x", language="id" if language == "en" else "en")
        )["message"]
    )


def test_flights_with_nothing_in_common_are_not_compared(site, home, tmp_path):
    other = tmp_path / "other.tif"
    write_picture(other, picture(bare=[], seed=77))
    done = inspect(
        home,
        boundary=site.file("boundary.geojson"),
        current=site.file("current.tif"),
        baseline=other,
    )
    assert done.returncode == 4, done.stderr
    document = json.loads((home / "out" / "inspection.json").read_bytes())
    assert document["registration"]["status"] == "not_comparable"
    assert document["answers"]["comparable"]["verdict"] == "fail"
    ledger = document["ledger_ha"]
    assert (ledger["new"], ledger["recovered"]) == (None, None)
    rest = ledger["undisturbed"] + ledger["standing"] + ledger["not_observed"]
    assert round(rest * 1e6) == round(ledger["permit"] * 1e6)
    assert {f["epoch"] for f in document["findings"]} <= {"standing"}


# One array that there is no room for: what small things of libraries say of it, nobody can foresee.
SHORT_OF_MEMORY = """
import functools, re, resource, sys
import inspection.pipeline, inspection.__main__
import numpy
detect = inspection.pipeline.detect

@functools.wraps(detect)
def short(*given, **named):
    size = int(re.search(r"VmSize:\\s+(\\d+)", open("/proc/self/status").read()).group(1)) << 10
    resource.setrlimit(resource.RLIMIT_AS, (size + (200 << 20), size + (200 << 20)))
    numpy.ones(1 << 28)
    return detect(*given, **named)

inspection.pipeline.detect = short
sys.argv[0] = "tinjau"
inspection.__main__.main()
"""


def test_too_little_memory_is_our_failure_not_the_file_s(site, home):
    words = [
        "inspect",
        "--boundary",
        site.file("boundary.geojson"),
        "--current",
        site.file("current.tif"),
    ]
    words += ["--baseline", site.file("baseline.tif"), "--out", str(home / "out")]
    done = subprocess.run(
        [sys.executable, "-c", SHORT_OF_MEMORY, *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, told(done)["code"]) == (1, "out_of_memory"), done.stderr
    require_clean(home)


def test_a_file_that_may_not_grow_leaves_nothing(site, home):
    def small():
        resource.setrlimit(resource.RLIMIT_FSIZE, (200 << 10, 200 << 10))

    done = run(
        "inspect",
        "--boundary",
        site.file("boundary.geojson"),
        "--current",
        site.file("current.tif"),
        "--out",
        home / "out",
        preexec=small,
    )
    assert (done.returncode, told(done)["code"]) == (1, "disk_full")
    require_clean(home)


@contextmanager
def small_disk(folder, size):
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("size", ["600k", "1200k", "1800k", "2400k", "4800k"])
def test_a_full_disk_at_any_moment_leaves_nothing(site, tmp_path, size):
    with small_disk(tmp_path / "disk", size) as disk:
        done = run(
            "inspect",
            "--boundary",
            site.file("boundary.geojson"),
            "--current",
            site.file("current.tif"),
            "--baseline",
            site.file("baseline.tif"),
            "--out",
            disk / "out",
        )
        assert done.returncode == 1, done.stderr
        assert told(done)["code"] in {"disk_full", "write_failed", "working_file_not_written"}
        require_clean(disk)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("moment_s", [0.0, 1.0, 3.0])
def test_an_interruption_leaves_nothing_under_a_final_name(site, home, number, moment_s):
    child = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "inspection",
            "inspect",
            "--boundary",
            site.file("boundary.geojson"),
            "--current",
            site.file("current.tif"),
            "--baseline",
            site.file("baseline.tif"),
            "--out",
            str(home / "out"),
        ],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    until = time.monotonic() + 60
    while not list(home.iterdir()) and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(moment_s)
    child.send_signal(number)
    time.sleep(0.05)
    child.send_signal(number)  # from somebody in a hurry: what clears away is not cut off
    _, errors = child.communicate(timeout=60)
    if child.returncode == 0:
        # It was quicker than we were; then it is whole.
        assert (home / "out" / "manifest.json").is_file()
        return
    assert child.returncode == 1
    assert json.loads(errors.strip().splitlines()[-1])["code"] == "interrupted"
    require_clean(home)


def test_a_permit_partly_off_the_image_is_inspected_and_says_what_is_missing(site, home, tmp_path):
    path = tmp_path / "off.geojson"
    write_boundary(path, shapely.affinity.translate(PERMIT, 80, 0))
    done = inspect(home, boundary=path, current=site.file("current.tif"))
    assert done.returncode == 0, done.stderr
    document = json.loads((home / "out" / "inspection.json").read_bytes())
    assert document["answers"]["observed"]["verdict"] == "fail"
    # The image ends 160 m east of its edge; the permit now reaches from 110 m to 200 m.
    assert document["coverage"]["not_observed_ha"] == pytest.approx(0.4, rel=0.01)


def test_a_setting_that_is_impossible_is_named():
    done = run("verify", "anything", env={"TINJAU_LANGUAGE": "klingon"})
    assert (done.returncode, told(done)["code"]) == (2, "setting_impossible")
    assert told(done)["where"] == "TINJAU_LANGUAGE"
    wrong = {"TINJAU_LANGUAGE": "en", "TINJAU_OIDC_ROLES": "nonsense"}
    done = run("verify", "anything", env=wrong)
    assert (done.returncode, told(done)["where"]) == (2, "TINJAU_OIDC_ROLES")
    assert told(done)["message"] == "The setting TINJAU_OIDC_ROLES cannot have this value."


def test_an_output_that_cannot_be_made_is_a_wrong_call(site):
    done = run(
        "inspect",
        "--boundary",
        site.file("boundary.geojson"),
        "--current",
        site.file("current.tif"),
        "--out",
        site.folder / "boundary.geojson" / "out",
    )
    assert (done.returncode, told(done)["code"]) == (2, "out_impossible")
