"""The speed benchmark draws what it says, and measures what processes spend."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
import rasterio
import shapely

from tests.benchmarks.speed import __main__ as command
from tests.benchmarks.speed.asked import asked
from tests.benchmarks.speed.drawing import LEFT, MOVED_PX, PIXEL_M, draw
from tests.benchmarks.speed.scene import KINDS, REPEATED
from tests.benchmarks.speed.spent import FailedError, Spent, spent
from tests.benchmarks.speed.table import as_json, ratios, section, slower
from tests.benchmarks.speed.ways import CLIPPED, GDAL_ONE, INSPECTED

SPIN = "import time\nwhile time.process_time() < 0.3: pass"
BEARING = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SPIN!r}])"


@pytest.mark.parametrize("kind", ["deflate", "jpeg"])
def test_the_second_date_lies_where_it_is_said_to(tmp_path, kind):
    scene = draw(tmp_path, side=1024, kind=kind)
    parts = []
    for path in (scene.before, scene.after):
        with rasterio.open(path) as source:
            assert source.profile["compress"].lower() == kind
            parts.append(source.read(2)[300:812, 300:812].astype(np.float32))
            assert 0.9 < (source.dataset_mask() > 0).mean() < 1
    (right, down), _ = cv2.phaseCorrelate(*parts, cv2.createHanningWindow((512, 512), cv2.CV_32F))
    assert (right, down) == pytest.approx(MOVED_PX, abs=0.25)


def test_a_large_picture_is_a_smaller_one_many_times(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.benchmarks.speed.drawing.PART_PX", 512)
    small, large = tmp_path / "small", tmp_path / "large"
    small.mkdir()
    large.mkdir()
    part, whole = draw(small, side=512, kind="deflate"), draw(large, side=1024, kind=REPEATED)
    for one, many in ((part.before, whole.before), (part.after, whole.after)):
        with rasterio.open(one) as source, rasterio.open(many) as made:
            assert (made.read() == np.tile(source.read(), (1, 2, 2))).all()
            assert (made.transform, made.crs) == (source.transform, source.crs)
            assert made.colorinterp == source.colorinterp
            assert made.profile["tiled"]
    assert {path.suffix for path in large.iterdir()} == {".geojson", ".tif"}
    assert set(large.glob("*.tif")) == {whole.before, whole.after}
    middle = LEFT + 1024 * PIXEL_M / 2
    permit = shapely.from_geojson(whole.boundary.read_text())
    assert permit.centroid.x == pytest.approx(middle, abs=5)


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        *((f"--large {side}", "--large") for side in ("0", "-5", "1000", "20481", "wide")),
        ("--large 20480 --quick", "--quick"),
        ("--large 20480 --sides 8192", "--sides"),
        ("--large 20480 --pairs 1", "--pairs"),
        ("--large 20480 --kinds jpeg", "--kinds"),
        ("--sides 8192", "--pairs"),
        ("--sides 8192 --pairs 5 3", "--pairs"),
        ("--pairs 2", "--pairs"),
        ("--sides 5119 --pairs 1", "--sides"),
        ("--sides wide --pairs 1", "--sides"),
        ("--sides 8192 --pairs 0", "--pairs"),
        ("--kinds raw", "--kinds"),
        ("--against nowhere.json", "--against"),
        ("--against docs/accuracy.json", "--against"),
        ("--against README.md", "--against"),
    ],
)
def test_what_cannot_be_measured_is_refused_before_it_is_drawn(words, wrong, monkeypatch, capsys):
    monkeypatch.setattr(command, "measured", lambda *_, **__: pytest.fail("drawn"))
    monkeypatch.setattr(sys, "argv", ["speed", *words.split()])
    with pytest.raises(SystemExit) as left:
        command.main()
    assert left.value.code == 2
    assert wrong in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    ("words", "sides", "kinds"),
    [
        ("", ((8192, 5), (20480, 3)), KINDS),
        ("--pairs 1 1 --kinds jpeg", ((8192, 1), (20480, 1)), ("jpeg",)),
        ("--sides 20480 8192 --pairs 3 5", ((20480, 3), (8192, 5)), KINDS),
        ("--quick", ((8192, 2),), ("deflate",)),
        ("--large 40960", ((40960, 1),), (REPEATED,)),
    ],
)
def test_sides_pairs_and_kinds_are_as_asked(words, sides, kinds):
    todo = asked([*words.split(), "--against", "docs/benchmarks.json"], about="")
    assert (todo.sides, todo.kinds) == (sides, kinds)
    assert {one["scene"] for one in todo.past} >= {"20480 x 20480, deflate"}


def processes_that_name(folder):
    """Numbers of those whose command line does."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            if str(folder).encode() in line.read_bytes():
                found.append(int(line.parent.name))
    return found


def test_what_is_stopped_leaves_neither_pictures_nor_processes(tmp_path):
    words = [sys.executable, "-m", "tests.benchmarks.speed", "--large", "20480"]
    room, patience = os.environ | {"TMPDIR": str(tmp_path)}, time.monotonic() + 60
    with subprocess.Popen(words, env=room) as stopped:
        while not list(tmp_path.glob("*/before-*.tif")) and time.monotonic() < patience:
            time.sleep(0.05)
        drawing = processes_that_name(tmp_path)
        stopped.terminate()
        assert stopped.wait(timeout=20) == 128 + signal.SIGTERM
    assert len(drawing) == 1
    assert not processes_that_name(tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_a_grandchild_spends_is_counted(tmp_path):
    assert spent([[sys.executable, "-c", BEARING]], cwd=tmp_path).cpu_s >= 0.3


def test_a_way_that_fails_is_no_figure(tmp_path):
    with pytest.raises(FailedError, match="no such"):
        spent([[sys.executable, "-c", "raise SystemExit('no such')"]], cwd=tmp_path)


def runs(ours, theirs):
    return {
        name: [Spent(cpu_s=cpu, wall_s=1, peak_mb=1, out_mb=1) for cpu in values]
        for name, values in ((CLIPPED, ours), (GDAL_ONE, theirs))
    }


def test_ratios_are_of_pairs_and_not_of_sums():
    assert [one[2] for one in ratios(runs([1, 6], [2, 4]))] == [[0.5, 1.5]]
    assert "| 1.00 | 0.50–1.50 | 0.25 |" in section("x", runs([1, 6], [2, 4]), [], [2.0])


@pytest.mark.parametrize(
    ("cores", "bar"), [(1.95, "0.65"), (1.5, "judged on two free cores alone")]
)
def test_the_clock_is_judged_only_where_two_cores_were_free(cores, bar):
    whole = {INSPECTED: [Spent(cpu_s=40, wall_s=28, peak_mb=1, out_mb=1)]}
    assert f"| 0.70 | 0.70–0.70 | {bar} |" in section("x", whole, [], [2.0, cores])


@pytest.mark.parametrize(("now", "is_worse"), [(1.2, False), (1.3, True)])
def test_a_ratio_may_grow_by_a_quarter_and_no_more(now, is_worse):
    past, present = (as_json("x", runs([cpu], [2]), [], []) for cpu in (1, now))
    assert bool(slower([present], [past])) is is_worse


def test_what_was_measured_is_written_into_a_folder_that_is_made(tmp_path, monkeypatch, capsys):
    out = tmp_path / "not" / "there"

    def measured(*_, **__):
        assert out.is_dir()
        return runs([1], [2]), [], [2.0]

    monkeypatch.setattr(command, "measured", measured)
    monkeypatch.setattr(sys, "argv", ["speed", "--quick", "--out", str(out)])
    assert command.main() == 0
    assert "| 0.50 |" in capsys.readouterr().out
    assert "| 0.50 |" in (out / "speed.md").read_text()
    (scene,) = json.loads((out / "benchmarks.json").read_text())
    assert [one["median"] for one in scene["ratios"].values()] == [0.5]
