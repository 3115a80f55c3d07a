"""The set-up script: which Python it takes, when it works, and what it says when it cannot."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHELL = shutil.which("sh") or "sh"
USABLE = "#!/bin/sh\nexit 0\n"
TOO_OLD = "#!/bin/sh\nexit 1\n"
SHIM = '#!/bin/sh\necho "pyenv: $0: command not found" >&2\nexit 127\n'

# Stands for Python, venv and pip: writes down what it was asked, installs nothing.
RECORDER = """#!/bin/sh
echo "$*" >>"$LOG"
case "$*" in
    "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
    *"import cv2"*) [ -e "$LIBRARIES" ] ;;
esac
"""
APT_GET = (
    '#!/bin/sh\necho "apt-get $*" >>"$LOG"\ncase "$*" in *install*) touch "$LIBRARIES" ;; esac\n'
)
BROKEN_APT_GET = '#!/bin/sh\necho "apt-get $*" >>"$LOG"\nexit 100\n'


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def find_python(tmp_path: Path, *folders: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SHELL, ROOT / "tools/setup.sh", "--find-python"],
        env={"PATH": ":".join(str(tmp_path / f) for f in folders), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_python_that_only_looks_new_is_passed_over(tmp_path: Path) -> None:
    program(tmp_path / "shims/python3.14", SHIM)
    program(tmp_path / "shims/python3", TOO_OLD)
    good = program(tmp_path / "bin/python3.12", USABLE)
    assert find_python(tmp_path, "shims", "bin").stdout == f"{good}\n"


def test_a_shim_does_not_hide_the_same_name_further_down_the_path(tmp_path: Path) -> None:
    program(tmp_path / "shims/python3.13", SHIM)
    good = program(tmp_path / "bin/python3.13", USABLE)
    assert find_python(tmp_path, "shims", "bin").stdout == f"{good}\n"


def test_the_newest_python_is_taken(tmp_path: Path) -> None:
    program(tmp_path / "a/python3.12", USABLE)
    newest = program(tmp_path / "b/python3.14", USABLE)
    assert find_python(tmp_path, "a", "b").stdout == f"{newest}\n"


def test_a_plain_python3_will_do_when_it_is_new_enough(tmp_path: Path) -> None:
    good = program(tmp_path / "bin/python3", USABLE)
    assert find_python(tmp_path, "bin").stdout == f"{good}\n"


def test_pyenv_versions_that_are_not_on_the_path_are_found(tmp_path: Path) -> None:
    program(tmp_path / "shims/python3.12", SHIM)
    program(tmp_path / ".pyenv/versions/3.11.7/bin/python3.11", USABLE)
    good = program(tmp_path / ".pyenv/versions/3.12.1/bin/python3.12", USABLE)
    assert find_python(tmp_path, "shims").stdout == f"{good}\n"


def test_no_python_is_one_clear_line(tmp_path: Path) -> None:
    program(tmp_path / "shims/python3.12", SHIM)
    program(tmp_path / "shims/python3", TOO_OLD)
    done = find_python(tmp_path, "shims")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "setup: no Python among 3.14 3.13 3.12 found.\n"


def test_the_probe_tells_versions_apart(tmp_path: Path) -> None:
    link = tmp_path / "bin/python3"
    link.parent.mkdir()
    link.symlink_to(Path(sys.executable).resolve())
    assert find_python(tmp_path, "bin").stdout == f"{link}\n"
    script = (ROOT / "tools/setup.sh").read_text()
    only_old = script.replace('versions="3.14 3.13 3.12"', 'versions="3.9"')
    assert only_old != script
    done = subprocess.run(
        [SHELL, "-s", "--", "--find-python"],
        input=only_old,
        env={"PATH": str(link.parent), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1


class Machine:
    """A checkout and a path of its own, on which the whole script runs in a moment."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.log = folder / "log"
        self.libraries = folder / "libraries"
        self.checkout = folder / "checkout"
        self.home = folder
        for name in ("requirements.lock", "pyproject.toml", "tools/setup.sh"):
            (self.checkout / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.checkout / name)
        program(self.bin / "id", "#!/bin/sh\necho 0\n")
        for name in ("cat", "cksum", "cp", "dirname", "env", "mkdir", "rm", "touch"):
            (self.bin / name).symlink_to(shutil.which(name) or name)

    def set_up(self, *options: str) -> subprocess.CompletedProcess[str]:
        self.log.write_text("")
        return subprocess.run(
            [SHELL, self.checkout / "tools/setup.sh", *options],
            env={
                "PATH": str(self.bin),
                "HOME": str(self.home),
                "LOG": str(self.log),
                "LIBRARIES": str(self.libraries),
            },
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def asked(self) -> str:
        return self.log.read_text()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    program(machine.bin / "python3.13", RECORDER)
    machine.libraries.touch()
    return machine


def test_the_first_run_installs_and_the_second_only_looks(machine: Machine) -> None:
    first = machine.set_up()
    assert first.returncode == 0, first.stderr
    assert "--no-deps --requirement requirements.lock" in machine.asked
    assert "--no-deps --no-build-isolation --editable ." in machine.asked
    second = machine.set_up()
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert "pip" not in machine.asked


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_recipe_installs_again(machine: Machine, name: str) -> None:
    machine.set_up()
    with (machine.checkout / name).open("a") as file:
        file.write("# changed\n")
    machine.set_up()
    assert "pip" in machine.asked
    assert "-m venv" not in machine.asked


def test_a_virtual_environment_whose_python_has_gone_is_made_anew(machine: Machine) -> None:
    machine.set_up()
    program(machine.checkout / ".venv/bin/python", SHIM)
    assert machine.set_up().returncode == 0
    assert "-m venv .venv" in machine.asked


def test_the_pages_are_built_and_all_else_works_where_they_cannot_be(machine: Machine) -> None:
    assert machine.set_up().returncode == 0
    assert "tools/pages.py\n" in machine.asked
    broken = RECORDER.replace("esac", '    tools/pages.py) echo "no npm" >&2; exit 1 ;;\nesac')
    program(machine.checkout / ".venv/bin/python", broken)
    done = machine.set_up()
    assert done.returncode == 0
    assert "no npm" in done.stderr
    assert "answers only programs" in done.stderr.splitlines()[-1]


def test_missing_libraries_are_installed_where_the_account_may(machine: Machine) -> None:
    machine.libraries.unlink()
    program(machine.bin / "apt-get", APT_GET)
    assert machine.set_up().returncode == 0
    assert "install --yes --no-install-recommends libgl1 libglib2.0-0" in machine.asked


@pytest.mark.parametrize("apt_get", [None, BROKEN_APT_GET])
def test_missing_libraries_are_named_where_it_may_not(
    machine: Machine, apt_get: str | None
) -> None:
    machine.libraries.unlink()
    if apt_get:
        program(machine.bin / "apt-get", apt_get)
    done = machine.set_up()
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "setup: system libraries are missing: as root, run: apt-get install libgl1 libglib2.0-0"
    )
    assert not (machine.checkout / ".venv/.stamp").exists()


def test_the_programs_that_tests_need_are_installed_for_tests_alone(machine: Machine) -> None:
    program(machine.bin / "apt-get", APT_GET)
    assert machine.set_up().returncode == 0
    assert "apt-get" not in machine.asked
    assert machine.set_up("--for-tests").returncode == 0
    wanted = (
        "chromium openssl postgresql postgresql-postgis gdal-bin otb-bin "
        "python3-qgis qgis-providers"
    )
    assert f"install --yes --no-install-recommends poppler-utils {wanted}\n" in machine.asked
    program(machine.bin / "pdfsig", USABLE)
    machine.set_up("--for-tests")
    assert f"install --yes --no-install-recommends {wanted}\n" in machine.asked
    program(machine.bin / "pg_ctlcluster", USABLE)
    machine.set_up("--for-tests")
    assert f"install --yes --no-install-recommends {wanted}\n" in machine.asked
    extension = machine.bin.parent / "share/postgresql/15/extension/postgis.control"
    extension.parent.mkdir(parents=True)
    extension.touch()
    machine.set_up("--for-tests")
    wanted = "chromium openssl gdal-bin otb-bin python3-qgis qgis-providers"
    assert f"install --yes --no-install-recommends {wanted}\n" in machine.asked
    package = machine.bin.parent / "lib/python3/dist-packages/qgis/__init__.py"
    package.parent.mkdir(parents=True)
    package.touch()
    machine.set_up("--for-tests")
    wanted = "chromium openssl gdal-bin otb-bin"
    assert f"install --yes --no-install-recommends {wanted}\n" in machine.asked


def test_programs_for_tests_that_cannot_be_installed_are_named(machine: Machine) -> None:
    program(machine.bin / "apt-get", BROKEN_APT_GET)
    done = machine.set_up("--for-tests")
    assert done.returncode == 0, "the other tests can run"
    assert done.stderr.splitlines()[-1] == (
        "setup: some tests will be skipped: as root, run: "
        "apt-get install poppler-utils chromium openssl postgresql postgresql-postgis "
        "gdal-bin otb-bin python3-qgis qgis-providers"
    )


def test_an_account_without_sudo_does_not_try_to_install(machine: Machine) -> None:
    machine.libraries.unlink()
    program(machine.bin / "apt-get", APT_GET)
    program(machine.bin / "id", "#!/bin/sh\necho 1000\n")
    assert machine.set_up().returncode == 1
    assert "apt-get" not in machine.asked


def test_without_any_python_the_last_line_says_what_to_install(tmp_path: Path) -> None:
    done = Machine(tmp_path).set_up()
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "setup: Python 3.12, 3.13 or 3.14 is needed, with its venv module: "
        "install one, or uv, and run again."
    )


def test_uv_is_asked_for_a_python_when_there_is_none(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.libraries.touch()
    python = program(tmp_path / "managed/python3.13", RECORDER)
    program(
        machine.bin / "uv",
        f'#!/bin/sh\necho "uv $*" >>"$LOG"\n[ "$2" = find ] && echo {python}\nexit 0\n',
    )
    done = machine.set_up()
    assert done.returncode == 0, done.stderr
    assert "uv python install" in machine.asked
    assert f"making .venv with {python}" in done.stderr


def test_pip_that_fails_stops_the_set_up(machine: Machine) -> None:
    program(
        machine.bin / "python3.13",
        RECORDER.replace("esac", '    *--requirement*) echo "no network" >&2; exit 1 ;;\nesac'),
    )
    done = machine.set_up()
    assert done.returncode == 1
    assert "'pip install' failed" in done.stderr.splitlines()[-1]
    assert not (machine.checkout / ".venv/.stamp").exists()
