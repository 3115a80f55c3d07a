"""Scenes drawn from photographs that nothing was trained on, by the scripts that draw training.

They are run here, not copied: what they call changed is what the network is taught as changed.
"""

import importlib
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.benchmarks.accuracy.sources import data

SCRIPTS = Path(__file__).parents[3] / "tools" / "training"


def training(name: str) -> ModuleType:
    """One of the training scripts' modules, which find one another by bare names."""
    if str(SCRIPTS) not in sys.path:
        sys.path.append(str(SCRIPTS))
    return importlib.import_module(name)


@cache
def places() -> Any:
    """Ground of the photographs that are kept out of training."""
    photos = training("photos").load(data("training_photos"), held_out=True)
    return training("scene").Places(photos)
