"""Whatever an image does to the child, the parent names it and is left unharmed."""

import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import rasterio

from geo.errors import GeoError, RefusedError, UnfinishedError
from geo.intake import landlock, starting
from geo.intake.image import normalise_image, probe_image
from geo.intake.limits import Limits
from geo.intake.sandbox import Allowance, answer_of_child
from tests.geo.intake.tiffs import picture, written

type Pretend = Callable[..., None]

AMPLE = Allowance(seconds=30, memory_bytes=1_500_000_000, file_bytes=100_000_000)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    return written(tmp_path / "upload.tif", picture(1200, 1500), compress="ZSTD")


def children() -> list[int]:
    """Processes that were forked to read files for this one."""
    ready = {one.process.pid for one in starting._begun.all}
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(status.read_text().rpartition(")")[2].split()[1]) in ready:
                found.append(int(status.parent.name))
    return found


def is_gone(process: int) -> bool:
    """Whether a process is no more, soon: whoever is killed takes a moment to die."""
    for _ in range(500):
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False


def test_the_child_sees_nothing_of_our_environment(
    image: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TINJAU_SENTINEL", "open-sesame")
    seen: list[bytes] = []
    confined: list[bool] = []

    def look(_: float) -> None:
        for child in children():
            seen.append(Path(f"/proc/{child}/environ").read_bytes())
            confined.append("NoNewPrivs:\t1" in Path(f"/proc/{child}/status").read_text())

    normalise_image(image, tmp_path / "working.tif", advance=look)
    assert seen
    assert all(confined) == (landlock.version() > 0)
    assert not any(b"sesame" in environment or b"PATH=" in environment for environment in seen)
    assert all(b"GDAL_DISABLE_READDIR_ON_OPEN=EMPTY_DIR" in environment for environment in seen)


def test_a_child_that_takes_too_long_is_stopped_with_all_it_made(
    tmp_path: Path, pretend: Pretend
) -> None:
    pretend(
        "import os, time; print('{\"progress\": 0}', flush=True); other = os.fork();"
        "other and open('other', 'w').write(str(other)); time.sleep(60)",
    )
    brief = Allowance(seconds=3, memory_bytes=1_500_000_000, file_bytes=100_000_000)
    with pytest.raises(RefusedError, match=r"image_takes_too_long\(limit_seconds=3\)"):
        answer_of_child("probe", {}, folder=tmp_path, allowance=brief)
    assert children() == []
    assert is_gone(int((tmp_path / "other").read_text()))


def test_an_image_that_takes_too_long_leaves_nothing_behind(tmp_path: Path) -> None:
    limits = Limits(normalise_seconds=1.5, normalise_seconds_per_megapixel=0)
    path = written(tmp_path / "upload.tif", picture(10_000, 8_000), compress="ZSTD")
    # On a busy machine the reader may not even have started by then: that may be tried again.
    with pytest.raises(GeoError, match=r"image_takes_too_long|image_reader_not_started"):
        normalise_image(path, tmp_path / "working.tif", limits=limits)
    assert children() == []
    assert [found.name for found in tmp_path.iterdir()] == ["upload.tif"]


@pytest.mark.parametrize("megabytes", [470, 520, 600])
def test_a_child_that_needs_too_much_memory_says_so(megabytes: int, tmp_path: Path) -> None:
    image = written(tmp_path / "upload.tif", picture(5000, 5000), compress="ZSTD", blockysize=5000)
    with pytest.raises(RefusedError) as refusal:
        normalise_image(
            image, tmp_path / "working.tif", limits=Limits(memory_bytes=megabytes * 10**6)
        )
    assert refusal.value.code == "image_takes_too_much_memory"
    assert refusal.value.facts == {"limit_megabytes": megabytes}


def test_a_reader_that_cannot_start_is_not_the_images_fault(image: Path) -> None:
    with pytest.raises(UnfinishedError, match="image_reader_not_started"):
        probe_image(image, limits=Limits(memory_bytes=40_000_000))
    with pytest.raises(UnfinishedError, match="image_reader_not_started"):
        probe_image(image, limits=Limits(probe_seconds=0.001))


def test_a_file_that_may_not_grow_is_a_full_disk(image: Path, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work/source").symlink_to(image)
    tight = Allowance(seconds=30, memory_bytes=1_500_000_000, file_bytes=1_000_000)
    with pytest.raises(UnfinishedError, match="disk_full"):
        answer_of_child(
            "normalise",
            {"window": [0, 0, 1200, 1500], "needed": None, "is_sparse": False},
            folder=tmp_path / "work",
            allowance=tight,
        )


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this account may not mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("filled_kilobytes", range(0, 4096, 512))
def test_a_full_disk_is_noticed_wherever_it_fills(
    filled_kilobytes: int, small_disk: Path, tmp_path: Path
) -> None:
    """Space runs out in the pixels, the mask, the overviews or the directories."""
    pixels = picture(1000, 1000)
    image = written(tmp_path / "upload.tif", pixels, compress="ZSTD")
    (small_disk / "others").write_bytes(bytes(filled_kilobytes * 1024))
    out = small_disk / "working.tif"
    try:
        seen = normalise_image(image, out)
    except UnfinishedError as error:
        assert error.code == "disk_full"  # noqa: PT017
        assert sorted(path.name for path in small_disk.iterdir()) == ["others"]
    else:
        assert seen.seen_pixels == 1_000_000
        with rasterio.open(out) as copy:
            np.testing.assert_array_equal(copy.read(), pixels)


def test_a_caller_that_gives_up_leaves_nothing_running(image: Path, tmp_path: Path) -> None:
    def give_up(share: float) -> None:
        if share > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        normalise_image(image, tmp_path / "working.tif", advance=give_up)
    assert children() == []
    assert [path.name for path in tmp_path.iterdir()] == ["upload.tif"]


SPOKEN = {
    "nothing": ("", "image_unreadable"),
    "no JSON": ("hello", "image_unreadable"),
    "no object": ("[1]", "image_unreadable"),
    "no result": ('{"result": 1}', "image_unreadable"),
    "progress that is no number": ('{"progress": "x"}', "image_unreadable"),
    "a refusal": ('{"refused": "image_corrupt", "facts": {}}', "image_corrupt"),
}


@pytest.mark.parametrize(("words", "code"), SPOKEN.values(), ids=SPOKEN)
def test_a_child_that_talks_nonsense_is_not_believed(
    words: str, code: str, tmp_path: Path, pretend: Pretend
) -> None:
    script = f"print('{{\"progress\": 0}}', flush=True); print({words!r})"
    pretend(script)
    with pytest.raises(RefusedError, match=code):
        answer_of_child("probe", {}, folder=tmp_path, allowance=AMPLE)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGSEGV, "image_unreadable"),
        (signal.SIGXCPU, "image_takes_too_long"),
        (signal.SIGABRT, "image_takes_too_much_memory"),
        (signal.SIGKILL, "image_takes_too_much_memory"),
    ],
)
def test_the_death_of_a_child_is_told_by_its_signal(
    number: signal.Signals, code: str, tmp_path: Path, pretend: Pretend
) -> None:
    pretend(
        f"print('{{\"progress\": 0}}', flush=True); import os; os.kill(os.getpid(), {number:d})",
    )
    with pytest.raises(RefusedError, match=code):
        answer_of_child("probe", {}, folder=tmp_path, allowance=AMPLE)


def test_facts_of_a_child_are_cut_short(tmp_path: Path, pretend: Pretend) -> None:
    said = json.dumps({"refused": "image_corrupt", "facts": {"a": "x" * 999, "b": [1], "c": 2}})
    pretend(f"print('{{\"progress\": 0}}', flush=True); print({said!r})")
    with pytest.raises(RefusedError) as refusal:
        answer_of_child("probe", {}, folder=tmp_path, allowance=AMPLE)
    assert refusal.value.facts == {"a": "x" * 200, "c": 2}


CONFINED = """
import socket, sys
from pathlib import Path
from geo.intake import landlock
folder, secret, port = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
done = landlock.confine(readable=[folder / "in.txt", folder / "absent"], writable=[folder / "out"])
def tried(act):
    try:
        act()
    except PermissionError:
        return "refused"
    except OSError as error:
        return type(error).__name__
    return "done"
print(done)
print(tried((folder / "in.txt").read_text))
print(tried(lambda: (folder / "in.txt").write_text("x")))
print(tried(lambda: (folder / "out/new.txt").write_text("x")))
print(tried((folder / "out/new.txt").unlink))
print(tried(secret.read_text))
print(tried(lambda: (folder / "beside.txt").write_text("x")))
print(tried(lambda: socket.create_connection(("127.0.0.1", port), timeout=2)))
"""


def test_a_confined_process_reaches_only_what_it_was_left(tmp_path: Path) -> None:
    if landlock.version() < 4:
        pytest.skip("this kernel has no Landlock that covers files and TCP")
    (tmp_path / "work/out").mkdir(parents=True)
    (tmp_path / "work/in.txt").write_text("in")
    (tmp_path / "secret.txt").write_text("secret")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        told = subprocess.run(
            [sys.executable, "-I", "-c", CONFINED, str(tmp_path / "work"),
             str(tmp_path / "secret.txt"), str(listener.getsockname()[1])],
            capture_output=True, check=True, text=True,
        )  # fmt: skip
    assert told.stdout.split() == [
        "True", "done", "refused", "done", "done", "refused", "refused", "refused",
    ]  # fmt: skip


def test_without_landlock_nothing_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "version", lambda: 0)
    assert not landlock.confine(readable=[], writable=[])
