"""A network in a file (ONNX): checked before it is believed, run on the processor alone."""

import hashlib
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from geo.detector import CHANGE_STEP, COVER_STEP, COVERS, MULTIPLE, Covers, Identity, Scores
from geo.errors import RefusedError
from geo.radiometry import Picture

PICTURES: Final = ("before", "after")
CHANGE: Final = "change"
COVER: Final = ("cover_before", "cover_after")
"""What the inputs and outputs of a network are called; it may name no cover."""

CLASSES: Final = (
    "none", "vegetation", "vegetation", "bare", "water", "road", "stockpile", "built", "shadow"
)  # fmt: skip
"""Cover of each class of a network: none, tree, low plants, bare, water, road ..."""

TRIAL_PX: Final = 4 * MULTIPLE
"""Side of the grey pictures that a network is tried on; no side equals another of its shapes."""

THREADS: Final = 2
"""More gain little on pictures of this size, and others work on the machine too."""


class Network:
    """
    `geo.detector.Detector` by a network that lies in a file.

    The network takes `before` and `after`, floats (n, 3, rows, columns), red, green and blue
    from 0 to 255. It gives `change`, the logits of change (n, 1, ...), and may give
    `cover_before` and `cover_after`, logits (n, 9, ...) of the classes in `CLASSES`, each on as
    many pixels as the picture or on a half, a quarter ... of them a side.

    Parameters
    ----------
    path
        The file; networks that lie in several are not read.
    sha256
        Fingerprint that the file must have.
    name, version
        What to call it where the file itself does not say.

    Raises
    ------
    RefusedError
        ``detector_missing``, ``detector_changed`` with both fingerprints, ``detector_unreadable``,
        or ``detector_unfit`` with what does not fit.
    """

    def __init__(
        self, path: Path, *, sha256: str, name: str, version: str, threads: int = THREADS
    ) -> None:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise RefusedError("detector_missing", where=path.name) from error
        found = hashlib.sha256(content).hexdigest()
        if found != sha256.lower():
            raise RefusedError("detector_changed", where=path.name, meant=sha256, found=found)
        self._name = path.name
        self._session = _session(content, name=path.name, threads=threads)
        self.identity = Identity(name=name, version=version, sha256=found)
        given = {one.name for one in self._session.get_inputs()}
        said = {one.name for one in self._session.get_outputs()}
        if given != set(PICTURES):
            raise self._unfit("inputs", sorted(given))
        if CHANGE not in said:
            raise self._unfit("outputs", sorted(said))
        self._names_cover = said.issuperset(COVER)
        grey = np.full((3, TRIAL_PX, TRIAL_PX + MULTIPLE), 128, np.float32)
        self.scores(grey, grey)

    def scores(self, before: Picture, after: Picture) -> Scores:
        """Score two pictures; both sides are multiples of `MULTIPLE`."""
        wanted = [CHANGE, *(COVER if self._names_cover else ())]
        pictures = dict(zip(PICTURES, (before[None], after[None]), strict=True))
        try:
            said = self._session.run(wanted, pictures)
        except Exception as error:  # the library's errors have no class in common
            raise RefusedError("detector_unfit", where=self._name, what="shape") from error
        shape = before.shape[1:]
        change = self._fitting(said[0], shape, step=CHANGE_STEP, deep=1)[0]
        if not self._names_cover:
            return Scores(change=change, covers=None)
        one, two = (
            _covers(self._fitting(logits, shape, step=COVER_STEP, deep=len(CLASSES)))
            for logits in said[1:]
        )
        return Scores(change=change, covers=(one, two))

    def _fitting(
        self, said: NDArray[np.float32], shape: tuple[int, ...], *, step: int, deep: int
    ) -> NDArray[np.float32]:
        """Bring what a network said to as many pixels as are asked for."""
        rows, columns = said.shape[2:] if said.ndim == 4 else (0, 0)  # noqa: PLR2004
        whole = rows and not shape[0] % rows and shape[0] * columns == shape[1] * rows
        if not whole or said.shape[:2] != (1, deep):
            raise self._unfit("shape", [*map(str, said.shape)])
        if not np.isfinite(said).all():
            raise self._unfit("numbers", [])
        size = (shape[1] // step, shape[0] // step)
        if (columns, rows) == size:
            return np.asarray(said[0], np.float32)
        by = cv2.INTER_AREA if rows > size[1] else cv2.INTER_LINEAR
        layers = [cv2.resize(one, size, interpolation=by) for one in said[0].astype(np.float32)]
        return np.stack(layers)

    def _unfit(self, what: str, found: list[str]) -> RefusedError:
        return RefusedError(
            "detector_unfit", where=self._name, what=what, found=", ".join(found) or "-"
        )


def _session(content: bytes, *, name: str, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    # What a picture took is given back, not kept for the next: others need the room meanwhile.
    options.enable_cpu_mem_arena = False
    # Threads that wait for work without sleeping take the time of those that have some.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library's errors have no class in common
        raise RefusedError("detector_unreadable", where=name) from error


def _covers(logits: NDArray[np.float32]) -> Covers:
    """Probabilities of `COVERS`; the class that is never taught has no say."""
    known = np.exp(logits[1:] - logits[1:].max(axis=0))
    known /= known.sum(axis=0)
    classes = CLASSES[1:]
    return np.stack(
        [sum((known[i] for i, name in enumerate(classes) if name == one)) for one in COVERS]
    ).astype(np.float32)
