"""Throws broken files at `tinjau check` for a while: never a trace, never a wait, always words.

    python tools/fuzz.py [--seconds 600] [--seed 1]

Each round makes a folder of mutated files of every kind and asks the real command line about it.
The round that fails is kept, with its seed, so that it can be looked at.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from corpus import corpus, mutated

ROOT = Path(__file__).parent.parent
FILES_A_ROUND = 24
WAIT_SECONDS = 300


def round_of(seed: int, home: Path, whole: list[Path]) -> str | None:
    """Ask about one folder of mutated files; tell what was wrong with the answer."""
    chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    for number in range(FILES_A_ROUND):
        source = chance.choice(whole)
        (home / f"{number:02d}{source.suffix}").write_bytes(mutated(source.read_bytes(), chance))
    command = [sys.executable, "-m", "inspection", "check", str(home), "--json"]
    try:
        done = subprocess.run(  # noqa: S603 - our own command line
            command, cwd=ROOT, capture_output=True, text=True, timeout=WAIT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"no answer in {WAIT_SECONDS} s"
    if "Traceback" in done.stderr or done.returncode not in (0, 3):
        return f"exit {done.returncode}: {done.stderr[-500:]}"
    answer = json.loads(done.stdout)
    wordless = [p for one in answer["files"] for p in one["problems"] if not p["message"]]
    return f"without words: {wordless}" if wordless else None


def main() -> None:
    """Go round until the time is up; end with 1 if any round failed."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--seconds", type=float, default=600)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    end, seed, failed = time.monotonic() + given.seconds, given.seed, 0
    kept = tempfile.TemporaryDirectory(prefix="fuzz-corpus-")
    whole = corpus(Path(kept.name))
    while time.monotonic() < end:
        home = Path(tempfile.mkdtemp(prefix="fuzz-"))
        wrong = round_of(seed, home, whole)
        if wrong is None:
            shutil.rmtree(home)
        else:
            failed += 1
            sys.stdout.write(f"seed {seed}: {wrong}\n  kept: {home}\n")
        seed += 1
    kept.cleanup()
    rounds = seed - given.seed
    sys.stdout.write(f"{rounds} rounds of {FILES_A_ROUND} files, {failed} failed\n")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
