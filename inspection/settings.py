"""What an installation may set: in the environment, or in one file."""

import json
import os
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from inspection.errors import UsageError
from inspection.language import Language

PREFIX = "TINJAU_"
FILE_VARIABLE = "TINJAU_SETTINGS"


def users_own() -> Path:
    """Folder of what this account keeps."""
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "tinjau"


class ProviderRole(BaseModel):
    """What one value of the provider's claim makes of a person."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: str
    office: str
    """Code of the office."""

    roles: tuple[str, ...] = Field(min_length=1)
    provision: bool = False
    """Whether the office takes in whoever comes with it, known or not."""


def _unpacked(value: object) -> object:
    """A list may stand in the file as the JSON that is shown of it."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except RecursionError as error:
        raise ValueError("no JSON that can be read") from error


class Settings(BaseSettings):
    """
    What may be set: by environment variables that begin with TINJAU_, else in the file.

    A secret is a `SecretStr`, so that no print, log or trace of the settings shows it.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        enable_decoding=False,  # a list that is no JSON is then an error like any other
        frozen=True,
        extra="forbid",
    )

    data: Path = Field(default_factory=users_own)
    """Folder of all that is kept, where its own setting says nothing else."""

    records: Path | None = None
    """Folder of the permits' records."""

    profile: str = "generic"
    language: Language = Language.INDONESIAN

    trust: Path | None = None
    """Certificates of the issuers that are known here, PEM."""

    database: SecretStr | None = None
    """Address of the database, which may hold a password."""

    objects: str | None = None
    """The object store: a folder, or an address that begins with s3://."""

    objects_key_id: str | None = None
    objects_secret: SecretStr | None = None
    """The key to the bucket; without it, what the environment offers for S3."""

    audit_key: Path | None = None
    """The key that signs the heads of the audit log, PEM, for this account's eyes only."""

    audit_heads: str | None = None
    """A second place for the signed heads, which this service cannot change: as `objects`."""

    audit_trust: Path | None = None
    """Public keys that audit logs are proven with, PEM."""

    upload_most_bytes: int = Field(default=20_000_000_000, gt=0)
    """Of one file."""

    uploads_at_once: int = Field(default=3, gt=0)
    """Unfinished uploads of one person."""

    upload_bytes_a_day: int = Field(default=50_000_000_000, gt=0)
    """Of one office."""

    upload_days: int = Field(default=7, gt=0)
    """How long an upload may take, from its announcement on."""

    least_free_bytes: int = Field(default=500_000_000, ge=0)
    """Room on a disk with which the service calls itself ready."""

    worker: bool = True
    """Whether a server makes the inspections too."""

    worker_places: int = Field(default=1, gt=0, le=64)
    """How many inspections its worker makes at once."""

    address: str | None = None
    """Of this installation, as others reach it: https://tinjau.example."""

    oidc_issuer: str | None = None
    """The identity provider by which people sign in, as it names itself; needs `address` too."""

    oidc_client: str | None = None
    """What the provider knows this installation as."""

    oidc_secret: SecretStr | None = None
    oidc_claim: str = "groups"
    """The claim whose values say what a person is."""

    oidc_roles: Annotated[tuple[ProviderRole, ...], BeforeValidator(_unpacked)] = ()
    """What those values make of a person here; without any, the office's administrator says it."""

    webhook_url: SecretStr | None = None
    """Of the record system that is told of each attached report; it may hold a key of theirs."""

    webhook_secret: SecretStr | None = None
    webhook_seconds: float = Field(default=10.0, gt=0, le=60)
    """How long one call of the record system may take."""

    detector: Path | None = None
    """A network of the office's own that scores change, ONNX; needs `detector_sha256`."""

    detector_sha256: str | None = None
    """Fingerprint that its file must have."""

    job_memory_mb: int = Field(default=8192, gt=0)
    """Memory that one inspection may take, in MiB."""

    job_hours: float = Field(default=12.0, gt=0)
    """How long one try at an inspection may take."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment overrule the file; nothing else is read."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, file_source(settings_cls)


def read_settings() -> Settings:
    """
    Read the settings of this installation.

    Raises
    ------
    UsageError
        ``setting_impossible`` or ``setting_unknown``, with its name; ``settings_file_missing``
        or ``settings_file_unreadable``.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0])
        if first["type"] == "extra_forbidden":
            raise UsageError("setting_unknown", where=name) from error
        # What the library says of it is for programmers, and in English.
        where = PREFIX + name.upper()
        raise UsageError("setting_impossible", where=where, name=where) from error


def language_alone() -> Language:
    """The language that is set, whatever else is wrong with the settings."""
    try:
        in_file = file_source(Settings)()
    except UsageError:
        in_file = {}
    named = (in_file | EnvSettingsSource(Settings)()).get("language")
    return Language(named) if named in list(Language) else Language.INDONESIAN


def settings_file() -> Path | None:
    """
    Give the file of settings that counts here: the one named, else the account's own.

    Raises
    ------
    UsageError
        ``settings_file_missing`` if one is named and is not there.
    """
    named = os.environ.get(FILE_VARIABLE)
    if named:
        if not Path(named).is_file():
            raise UsageError("settings_file_missing", where=FILE_VARIABLE)
        return Path(named)
    home = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    own = Path(home) / "tinjau" / "settings.toml"
    return own if own.is_file() else None


def file_source(settings_cls: type[BaseSettings]) -> TomlConfigSettingsSource:
    """
    Give what the file says.

    Raises
    ------
    UsageError
        ``settings_file_missing`` or ``settings_file_unreadable``.
    """
    try:
        return TomlConfigSettingsSource(settings_cls, settings_file())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError("settings_file_unreadable", problem=str(error)) from error
    except OSError as error:
        raise UsageError("settings_file_unreadable", problem=str(error.strerror)) from error
