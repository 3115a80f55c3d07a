"""`tinjau upload` against a real server: goes on by itself, and when it is run again."""

import json
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import pytest

from geo.errors import RefusedError, UnfinishedError
from inspection.language import Language
from inspection.sending.line import HttpLine
from inspection.sending.sending import Told, send
from inspection.sending.sources import FileSource
from inspection.uploads.parts import Parts

TINJAU = Path(sys.executable).parent / "tinjau"


class Sending:
    """A file and the line that it goes over."""

    def __init__(self, file: Path, server: str, token: str, *, patience_s: float) -> None:
        self.source = FileSource(file, server=server, permit=None, kind="orthophoto")
        self.line = HttpLine(server, token, patience_s=patience_s)

    def send(self, advance) -> str:
        return send(self.source, self.line, advance, notes=self.source)


def sending(served, client, file: Path, *, patience_s: float = 20) -> Sending:
    server = served.url.removesuffix("/uploads/")
    return Sending(file, server, client.token, patience_s=patience_s)


@pytest.fixture
def data(noise) -> bytes:
    return noise(6_000_000)


@pytest.fixture
def file(data, tmp_path) -> Path:
    path = tmp_path / "flight.tif"
    path.write_bytes(data)
    return path


def test_a_file_arrives_although_the_server_is_killed_meanwhile(served, client, data, file) -> None:
    told = []

    def advance(sent: int) -> None:
        told.append(sent)
        if len(told) in (2, 4):
            served.kill()

    sending(served, client, file).send(advance)
    assert served.holds(data)
    assert told == sorted(told)
    assert [one.name for one in file.parent.iterdir()] == ["flight.tif"]


class Stopped(BaseException):
    """The laptop was closed."""


def stopped_after(count: int):
    left = iter(range(count))

    def advance(_: int) -> None:
        if next(left, None) is None:
            raise Stopped

    return advance


def test_the_next_run_goes_on_where_the_last_one_ended(served, client, data, file) -> None:
    with pytest.raises(Stopped):
        sending(served, client, file).send(stopped_after(3))
    told = []
    sending(served, client, file).send(told.append)
    assert told[0] == 3 * 2**20
    assert served.holds(data)


def test_a_file_that_was_changed_meanwhile_is_sent_anew(served, client, data, file, noise) -> None:
    with pytest.raises(Stopped):
        sending(served, client, file).send(stopped_after(3))
    other = noise(len(data))
    file.write_bytes(other)
    told = []
    sending(served, client, file).send(told.append)
    assert told[0] == 0
    assert served.holds(other)
    assert not served.holds(data)


def test_an_upload_that_is_gone_is_begun_anew(served, client, data, file) -> None:
    with pytest.raises(Stopped):
        sending(served, client, file).send(stopped_after(2))
    url = json.loads((file.parent / "flight.tif.upload.json").read_text())["url"]
    assert client.ask("DELETE", url).status_code == 204
    sending(served, client, file).send(lambda _: None)
    assert served.holds(data)


def test_it_waits_while_another_writes_to_the_upload(served, client, data, file) -> None:
    with pytest.raises(Stopped):
        sending(served, client, file).send(stopped_after(2))
    url = json.loads((file.parent / "flight.tif.upload.json").read_text())["url"]
    started = time.monotonic()
    with (
        Parts(served.folder / "uploads").hold(UUID(url.rpartition("/")[2])),
        pytest.raises(UnfinishedError, match="server_unreachable"),
    ):
        sending(served, client, file, patience_s=1.5).send(lambda _: None)
    assert time.monotonic() - started >= 0.25  # the least that it waits at first
    sending(served, client, file).send(lambda _: None)
    assert served.holds(data)


def test_a_server_that_is_not_there_is_given_up_in_the_end(file) -> None:
    nowhere = Sending(file, "http://127.0.0.1:9", "x", patience_s=1)
    with pytest.raises(UnfinishedError, match="server_unreachable"):
        nowhere.send(lambda _: None)


def test_what_the_server_refuses_is_not_tried_again(served, file) -> None:
    with pytest.raises(RefusedError, match="server_refused"):
        sending(served, served.client("nobody"), file).send(lambda _: None)


def test_what_the_server_says_is_told_in_the_language_asked_for_and_with_its_place(served, client):
    said = {}
    for language in Language:
        server = served.url.removesuffix("/uploads/")
        line = HttpLine(server, client.token, patience_s=5, language=language)
        with pytest.raises(RefusedError, match="server_refused") as refused:
            line.announce(Told(name="a", size=1, sha256="0" * 64, kind="No Kind", permit=None))
        assert refused.value.where == "Upload-Metadata: kind"
        said[language] = refused.value.facts["problem"]
    assert len(set(said.values())) == len(said)


def test_the_command_checks_a_file_and_sends_it(served, client, sample, tmp_path) -> None:
    file = tmp_path / "boundary.geojson"
    file.write_bytes((sample / "boundary.geojson").read_bytes())
    server = served.url.removesuffix("/uploads/")
    asked = [TINJAU, "upload", file, "--server", server, "--token", client.token, "--json"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["upload"].startswith(served.url)
    assert served.holds(file.read_bytes())
    file.write_text("{")
    refused = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert refused.returncode == 3
    assert json.loads(refused.stderr.splitlines()[-1])["file"] == "boundary.geojson"
