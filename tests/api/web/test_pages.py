"""How the pages are served, and that a packed product has them."""

import gzip
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest

from api import pages
from tests.api.test_serve import Served, wait_until_ready

ROOT = Path(__file__).parents[3]
WEB = ROOT / "api" / "web"
FIRST_PAGE_BYTES = 100_000


def assets_of(html: str) -> list[str]:
    return re.findall(r'(?:src|href)="(/assets/[^"]+)"', html)


def test_the_pages_are_served_with_their_policy_and_kept_by_browsers(service) -> None:
    with service.client() as client:
        first = client.get("/")
        assert first.headers["content-type"] == "text/html; charset=utf-8"
        assert first.headers["cache-control"] == "no-cache"
        assert "'unsafe" not in first.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in first.headers["content-security-policy"]
        assert "geolocation=(self)" in first.headers["permissions-policy"]
        assert first.headers["x-content-type-options"] == "nosniff"
        assert first.headers["referrer-policy"] == "no-referrer"
        again = client.get("/", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        for name in assets_of(first.text):
            asset = client.get(name)
            assert "immutable" in asset.headers["cache-control"], name
            kind = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
            assert asset.headers["content-type"].startswith(kind[name.rpartition(".")[2]])


def test_nothing_is_inline_and_nothing_comes_from_elsewhere() -> None:
    html = (pages.BUILT / "index.html").read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", html)
    outside = re.compile(r"""(?:src|href|url|import|fetch)\s*[=(]\s*["'`]?(?:https?:)?//""")
    files = [one for one in pages.BUILT.rglob("*") if one.suffix in (".html", ".css", ".js")]
    assert len(files) > 5
    assert [one.name for one in files if outside.search(one.read_text())] == []


def test_the_first_page_is_small_on_the_way(service) -> None:
    with service.client(headers={"Accept-Encoding": "gzip"}) as client:
        html = client.get("/")
        sizes = [len(gzip.compress(html.content))]
        for name in assets_of(html.text):
            with client.stream("GET", name) as answer:
                sizes.append(len(b"".join(answer.iter_raw())))
                assert answer.headers["content-encoding"] == "gzip"
    assert sum(sizes) < FIRST_PAGE_BYTES / 4, sizes


@pytest.mark.parametrize(
    "path", ["/assets/absent.js", "/assets/..%2F..%2Fpages.py", "/index.html", "/api/v1/absent"]
)
def test_what_is_not_there_is_a_problem_and_no_page(service, path) -> None:
    with service.client() as client:
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "absent")
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert client.post("/").status_code == 405


def test_without_built_pages_the_service_says_so(service, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(pages, "BUILT", tmp_path)
    pages._built.cache_clear()
    try:
        with service.client() as client:
            assert client.get("/").json()["code"] == "pages_missing"
            assert client.get("/healthz").status_code == 200
    finally:
        pages._built.cache_clear()


def branches(words: dict, before: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, told in words.items():
        if isinstance(told, dict):
            flat |= branches(told, f"{before}{name}.")
        else:
            flat[before + name] = told
    return flat


def test_both_languages_say_the_same_things_and_all_of_them_are_said() -> None:
    id_, en = (
        branches(json.loads((WEB / f"src/wording/{name}.json").read_text()))
        for name in ("id", "en")
    )
    assert id_.keys() == en.keys()
    facts = re.compile(r"\{\w+\}")
    for key, told in en.items():
        assert told, key
        assert sorted(facts.findall(told)) == sorted(facts.findall(id_[key])), key
    sources = "\n".join(one.read_text() for one in (WEB / "src").rglob("*.ts"))
    said = set(re.findall(r"'([a-z_]+(?:\.[a-z_]+)+)'", sources))
    groups = tuple(re.findall(r"`([a-z_]+\.[a-z_.]*)\$\{", sources))
    assert [key for key in en if key not in said and not key.startswith(groups)] == []


def test_a_packed_product_has_the_pages_and_serves_them(tmp_path) -> None:
    packed = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert packed.returncode == 0, packed.stderr
    (wheel,) = tmp_path.glob("*.whl")
    place = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as file:
        names = file.namelist()
        file.extractall(place)
    inside = [name for name in names if name.startswith("api/web/")]
    assert "api/web/dist/index.html" in inside
    assert [name for name in inside if not name.startswith("api/web/dist/")] == []
    served = Served(tmp_path / "data", place)
    with httpx.Client(base_url=served.url, timeout=60) as client:
        wait_until_ready(client)
        html = client.get("/").text
        assert html == (place / "api/web/dist/index.html").read_text()
        assert client.get(assets_of(html)[0]).status_code == 200
    served.stop()
