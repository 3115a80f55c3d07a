"""A permit and a flight that has no fault."""

from pathlib import Path

import pytest

from tests.inspection.check.files import image, outline, square


@pytest.fixture
def permit(tmp_path: Path) -> Path:
    return outline(tmp_path / "permit.geojson", square(50, 50, 150, 150))


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return image(tmp_path / "good.tif")
