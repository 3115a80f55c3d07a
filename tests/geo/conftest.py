"""What the tests of geo may ask for."""

from collections.abc import Iterator

import pytest

from tests.geo.listening import Listener, listening


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with listening() as one:
        yield one
