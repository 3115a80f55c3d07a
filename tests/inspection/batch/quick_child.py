"""
The process of a row that inspects nothing: it does what the first word of its flight says.

`whole` writes a result that another inspection gave, about the row's own permit; `refuse`, `die`,
`grow` (by so many MiB) and `wait` are what rows do that go wrong. Each start is noted.
"""

import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path


def main() -> int:
    job_file, _, out = (Path(word) for word in sys.argv[1:4])
    home = Path(os.environ["QUICK_HOME"])
    row = json.loads(job_file.read_bytes())["row"]
    flight = Path(row["files"]["current"]["source"])
    deed, *more = flight.read_text().split()
    with (home / "begun").open("a") as begun:
        begun.write(f"{flight.stem}\n")
    sys.stdout.write(json.dumps({"step": "detect", "share": 0.5}) + "\n")
    sys.stdout.flush()
    if deed == "refuse":
        problem = {"code": "image_unreadable", "facts": {}, "file": flight.name, "where": None}
        sys.stdout.write(json.dumps({"problem": problem}) + "\n")
        return 3
    if deed == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if deed == "wait" and not (home / "go").exists():
        (home / "child").write_text(str(os.getpid()))
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), signal.SIGKILL)
    if deed == "grow":
        held = b"x" * (int(more[0]) << 20)
        time.sleep(2.5)
        del held
    write(out, row)
    return 0


def write(out: Path, row: dict) -> None:
    result = json.loads((Path(os.environ["QUICK_HOME"]) / "inspection.json").read_bytes())
    outline = json.loads(Path(row["files"]["boundary"]["source"]).read_bytes())
    result["boundary"]["vertices"] = [outline["coordinates"]]
    name = Path(row["files"]["boundary"]["source"]).stem
    result["permit"] = {**result["permit"], "id": name.upper()}
    if row["profile"].endswith("strict.toml"):
        result["answers"]["observed"]["verdict"] = "fail"
    if name != "west":
        result["findings"] = []
    passing = out.with_name(f".{out.name}")
    shutil.rmtree(passing, ignore_errors=True)
    passing.mkdir()
    (passing / "inspection.json").write_text(json.dumps(result))
    passing.rename(out)


if __name__ == "__main__":
    sys.exit(main())
