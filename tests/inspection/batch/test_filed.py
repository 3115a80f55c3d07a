"""A batch that files each result on the permit's record: once, however often it is run."""

import csv
import json
import os
import subprocess
import sys

from inspection.archive import FolderArchive
from tests.inspection.conftest import MOMENT
from tests.inspection.jobs.small import write_all


def test_each_result_is_filed_once_however_often_the_batch_is_run(tmp_path) -> None:
    write_all(tmp_path)
    rows = ("permit,boundary,current", "permit.json,boundary.geojson,current.tif")
    (tmp_path / "table.csv").write_text("\n".join(rows))

    def run(*more: str) -> dict:
        words = ["batch", tmp_path / "table.csv", "--out", tmp_path / "out", "--created-at", MOMENT]
        words += ["--records", tmp_path / "records", "--json", *more]
        done = subprocess.run(
            [sys.executable, "-m", "inspection", *words],
            env={**os.environ, "TINJAU_DATA": str(tmp_path / "data"), "TINJAU_LANGUAGE": "en"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    filed = FolderArchive(tmp_path / "records").filed
    for again in ((), ("--retry",)):
        assert run(*again)["states"] == {"done": 1}
        (one,) = filed("TEST/1")
        assert (one.sequence, one.supersedes) == (1, None)
    with (tmp_path / "out" / "batch.csv").open() as table:
        (first,) = csv.DictReader(table)
    assert (first["permit"], first["inspection"]) == ("TEST/1", one.inspection_id)
    records = list((tmp_path / "records").rglob("inspection.json"))
    assert len(records) == 1
    kept = json.loads(records[0].read_bytes())
    assert (kept["id"], kept["record"]["version"]) == (one.inspection_id, 1)
