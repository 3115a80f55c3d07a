"""Why an upload, or one request about it, is not taken."""

from geo.errors import GeoError, RefusedError

CodedError = GeoError
"""Whatever may go wrong around an upload: refused, or not finished by the machine."""


class UploadError(RefusedError):
    """An upload, or one request about it, cannot be taken as it is."""
