"""The report as one HTML file: the same blocks, no script, nothing fetched."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from inspection.report.content import Report


def web_page(report: Report, *, desk: Path) -> bytes:
    """Set a report for a browser; `desk` holds the drawings, `NAME.svg` each."""

    def drawing(name: str, alt: str) -> Markup:
        # Drawn by us, every text in it escaped: it may stand in the page as it is.
        svg = (desk / f"{name}.svg").read_text("utf-8")
        label = Markup('<svg role="img" aria-label="{}" ').format(alt)
        return label + Markup(svg[svg.index("<svg") + len("<svg ") :])  # noqa: S704

    page = _template().render(report=report.plain(), drawing=drawing)
    return page.encode("utf-8")


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    folder = files("inspection.report").joinpath("templates")
    style = folder.joinpath("report.css").read_text("utf-8")
    environment.globals["style"] = Markup(style)  # noqa: S704 - our own file
    return environment.from_string(folder.joinpath("report.html").read_text("utf-8"))
