"""What a process that makes one inspection does without."""

import subprocess
import sys

import pytest

BARE = "from inspection.lean import live_lean; live_lean()"
BY_COMMAND = """
from pathlib import Path
from inspection import pipeline
from inspection.commands.inspect import inspect
class Begun(Exception): pass
def begun(*_given, **_named): raise Begun
pipeline.run_inspection = begun
try:
    inspect(boundary=Path("b"), current=Path("c"), out=Path("o"), quiet=True)
    raise AssertionError("nothing was inspected")
except Begun:
    pass
"""
TOLD = """
import cv2, gc, sys
print(cv2.getNumThreads(), gc.get_freeze_count() > 0, sys.modules.get("pandas", "not asked"))
"""


@pytest.mark.parametrize("begin", [BARE, BY_COMMAND], ids=["bare", "by the command"])
def test_it_has_no_threads_of_opencv_no_tables_and_keeps_memory(begin: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", begin + TOLD],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.split() == ["1", "True", "None"], done.stderr
