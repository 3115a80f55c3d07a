"""Which store an address means: a folder, or a bucket."""

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from obstore.store import S3Store

from inspection.errors import UsageError
from inspection.objects.bucket import BucketObjects
from inspection.objects.folder import FolderObjects
from inspection.objects.store import ObjectStore

if TYPE_CHECKING:  # not there at run time
    from obstore.store import ClientConfig, S3Config

OPTIONS: Final = {"endpoint", "region"}
"""What may stand behind the question mark of a bucket's address."""

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PATIENCE: Final = timedelta(seconds=60)
_RETRIES: Final = 6


def objects_at(
    address: str, *, desk: Path, key_id: str | None = None, secret: str | None = None
) -> ObjectStore:
    """
    Open the store at an address: a folder's path, or ``s3://bucket/prefix?endpoint=…&region=…``.

    Drafts of a bucket's objects are written on `desk`, a local folder. Without a key, what the
    environment of the process offers for S3 is used.

    Raises
    ------
    UsageError
        ``objects_address_impossible``.
    """
    if "://" not in address:
        # Whoever writes s3:/ meant no folder of that name; one such may be written ./s3:
        if not address or _SCHEME.match(address):
            raise UsageError("objects_address_impossible")
        return FolderObjects(Path(address))
    try:
        parts = urlsplit(address)
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError as error:
        raise UsageError("objects_address_impossible") from error
    # A secret in an address would be printed wherever the address is.
    odd = parts.username is not None or parts.password is not None or parts.fragment
    match parts.scheme:
        case "file" if not (odd or options or parts.netloc):
            return FolderObjects(Path(unquote(parts.path)))
        case "s3" if not odd and parts.netloc and options.keys() <= OPTIONS:
            _require_reachable(options.get("endpoint"))
            return BucketObjects(_bucket(parts, options, key_id, secret), desk=desk)
        case _:
            raise UsageError("objects_address_impossible")


def bucket_at(address: str, *, key_id: str | None = None, secret: str | None = None) -> S3Store:
    """
    Open a bucket that holds what others put there, to read: ``s3://bucket?endpoint=…&region=…``.

    Raises
    ------
    UsageError
        ``objects_address_impossible``.
    """
    parts = urlsplit(address)
    options = dict(parse_qsl(parts.query))
    odd = parts.username is not None or parts.password is not None or parts.fragment
    if parts.scheme != "s3" or odd or not parts.netloc or not options.keys() <= OPTIONS:
        raise UsageError("objects_address_impossible")
    _require_reachable(options.get("endpoint"))
    return _bucket(parts, options, key_id, secret)


def _require_reachable(endpoint: str | None) -> None:
    if endpoint is not None and not endpoint.startswith(("http://", "https://")):
        raise UsageError("objects_address_impossible")


def _bucket(
    parts: SplitResult, options: dict[str, str], key_id: str | None, secret: str | None
) -> S3Store:
    config: S3Config = {"checksum_algorithm": "SHA256"}
    client: ClientConfig = {"timeout": _PATIENCE}
    if "region" in options:
        config["region"] = options["region"]
    if "endpoint" in options:
        config["endpoint"] = options["endpoint"]
        client["allow_http"] = options["endpoint"].startswith("http://")
    if key_id is not None and secret is not None:
        config["access_key_id"] = key_id
        config["secret_access_key"] = secret
    return S3Store(
        parts.netloc,
        prefix=unquote(parts.path).strip("/") or None,
        config=config,
        client_options=client,
        retry_config={"max_retries": _RETRIES, "retry_timeout": _PATIENCE},
    )
