"""Work that is cut off and goes on: what was done is taken as it was, or done anew."""

from pathlib import Path

import pytest

from inspection.errors import UsageError
from inspection.jobs.lasting_desk import LastingDesk


class CutOffError(Exception):
    """As a kill: nothing more is done."""


class Work:
    """Three steps, each of which reads what the one before wrote."""

    def __init__(self, home: Path, *, key: str = "key", cut_in: str = "") -> None:
        self.begun: list[str] = []
        self._cut_in = cut_in
        self._place = LastingDesk(folder=home / "work", key=key)
        self.out = home / "out"

    def run(self) -> dict[str, bytes]:
        with self._place.opened(self.out) as (desk, drawer):
            first = self._place.once(self.fetch, drawer)
            second = self._place.once(self.draw, desk, first)
            self._place.once(self.tell, desk, second)
        return {p.name: p.read_bytes() for p in sorted(self.out.rglob("*")) if p.is_file()}

    def begin(self, name: str, folder: Path) -> None:
        self.begun.append(name)
        (folder / "half").write_bytes(b"of what was cut off")
        if name == self._cut_in:
            raise CutOffError
        (folder / "half").unlink()

    def fetch(self, drawer: Path) -> tuple[Path, int]:
        self.begin("fetch", drawer)
        (drawer / "inner").mkdir()
        path = drawer / "inner" / "fetched"
        path.write_bytes(b"x" * 100)
        return path, 7

    def draw(self, desk: Path, fetched: tuple[Path, int]) -> int:
        self.begin("draw", desk)
        (desk / "drawn").write_bytes(fetched[0].read_bytes() * fetched[1])
        return fetched[1] + 1

    def tell(self, desk: Path, number: int) -> None:
        self.begin("tell", desk)
        (desk / "parts").mkdir()
        (desk / "parts" / "told").write_text(str(number))


def cut(home: Path, step: str) -> Work:
    work = Work(home, cut_in=step)
    with pytest.raises(CutOffError):
        work.run()
    assert not work.out.exists()
    return work


RESULT = {"drawn": b"x" * 700, "told": b"8"}
STEPS = ["fetch", "draw", "tell"]


@pytest.mark.parametrize("step", STEPS)
def test_what_was_done_is_not_done_again(tmp_path, step) -> None:
    cut(tmp_path, step)
    again = Work(tmp_path)
    assert again.run() == RESULT
    assert again.begun == STEPS[STEPS.index(step) :]


def damage_file(work: Path) -> None:
    (work / "desk" / "drawn").write_bytes(b"y" * 700)


def lose_file(work: Path) -> None:
    (work / "desk" / "drawn").unlink()


def flip_value(work: Path) -> None:
    (path,) = (work / "steps").glob("02-*")
    kept = path.read_bytes()
    path.write_bytes(kept[:-3] + bytes([kept[-3] ^ 1]) + kept[-2:])


def cut_value(work: Path) -> None:
    (path,) = (work / "steps").glob("02-*")
    path.write_bytes(path.read_bytes()[:-10])


def lose_step(work: Path) -> None:
    (path,) = (work / "steps").glob("02-*")
    path.unlink()


@pytest.mark.parametrize("harm", [damage_file, lose_file, flip_value, cut_value, lose_step])
def test_what_is_not_as_it_was_left_is_done_anew(tmp_path, harm) -> None:
    cut(tmp_path, "tell")
    harm(tmp_path / "work")
    again = Work(tmp_path)
    assert again.run() == RESULT
    assert again.begun == ["draw", "tell"]


def test_other_inputs_begin_from_the_beginning(tmp_path) -> None:
    cut(tmp_path, "tell")
    again = Work(tmp_path, key="another")
    assert again.run() == RESULT
    assert again.begun == STEPS


def test_a_step_that_takes_away_files_is_cut_off_too(tmp_path) -> None:
    cut(tmp_path, "tell")
    (tmp_path / "work" / "drawer" / "inner" / "fetched").unlink()
    again = Work(tmp_path)
    assert again.run() == RESULT
    assert again.begun == STEPS


def test_what_is_there_is_not_overwritten(tmp_path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(UsageError, match="out_exists"):
        Work(tmp_path).run()
