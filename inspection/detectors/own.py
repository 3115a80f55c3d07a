"""The detector that an office brought, as its settings name it."""

from inspection.detectors.choice import OwnDetector
from inspection.errors import UsageError
from inspection.settings import Settings


def own_detector(settings: Settings) -> OwnDetector | None:
    """
    The office's own detector; None where it has none.

    Raises
    ------
    UsageError
        ``detector_settings`` if only one of file and fingerprint is set.
    """
    path, sha256 = settings.detector, settings.detector_sha256
    if path is None and sha256 is None:
        return None
    if path is None or sha256 is None:
        missing = "TINJAU_DETECTOR" if path is None else "TINJAU_DETECTOR_SHA256"
        raise UsageError("detector_settings", where=missing)
    return OwnDetector(path=path, sha256=sha256)
