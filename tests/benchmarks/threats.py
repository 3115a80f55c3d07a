"""
What every threat of an image costs before it is turned away, or taken in.

Each is judged as an inspection does, in a process of its own: placed, then copied. Memory is the
largest that the process had, and the largest of its children.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.geo.intake.threats import THREATS, World, others_at

JUDGED: Final = """
import json, resource, sys, time
from pathlib import Path
from geo.errors import GeoError
from geo.intake import starting
from geo.intake.image import normalise_image, probe_image
upload, told = Path(sys.argv[1]), []
start = time.perf_counter()
for act in (
    lambda: probe_image(upload).placed(),
    lambda: normalise_image(upload, upload.with_name("out.tif")),
):
    try:
        act()
        told.append("accepted")
    except GeoError as error:
        told.append(error.code)
seconds = time.perf_counter() - start
starting.let_go()  # until then nobody is told what the children took
# Of this program alone: what getrusage tells begins with the memory of whoever started it.
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(json.dumps([
    seconds,
    int(status["VmHWM"].split()[0]) / 1000,
    resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000,
    told,
]))
"""


def main() -> None:
    """Print a row for each threat, the dearest first."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "others").mkdir()
        others = others_at(root / "others")
        for number, (threat, one) in enumerate(THREATS.items()):
            folder = root / str(number)
            folder.mkdir()
            world = World(folder=folder, others=others, url="http://127.0.0.1:9")
            one.write(world)
            answer = subprocess.run(
                [sys.executable, "-W", "ignore", "-c", JUDGED, str(world.upload)],
                capture_output=True,
                check=True,
                text=True,
            ).stdout
            seconds, own_mb, child_mb, told = json.loads(answer)
            as_it_should = one.copying == told[1]
            rows.append((seconds, own_mb, child_mb, threat, told, as_it_should))
    print(f"{'threat':26} {'s':>6} {'MB':>6} {'MB of children':>15}  place, pixels")
    for seconds, own_mb, child_mb, threat, told, _ in sorted(rows, reverse=True):
        print(f"{threat:26} {seconds:6.2f} {own_mb:6.0f} {child_mb:15.0f}  {', '.join(told)}")
    print(f"{sum(row[-1] for row in rows)} of {len(rows)} end as they should")


if __name__ == "__main__":
    main()
