"""What an installation may set, by environment variables that begin with TINJAU_."""

from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from inspection.errors import UsageError
from inspection.language import Language


class Settings(BaseSettings):
    """The settings of this installation."""

    model_config = SettingsConfigDict(env_prefix="TINJAU_", frozen=True, extra="ignore")

    records: Path | None = None
    """Folder of the permits' records."""

    profile: str = "generic"
    language: Language = Language.INDONESIAN

    trust: Path | None = None
    """Certificates of the issuers that are known here, PEM."""


def read_settings() -> Settings:
    """
    Read the settings of this installation.

    Raises
    ------
    UsageError
        ``setting_impossible``, with its name.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = "TINJAU_" + str(first["loc"][0]).upper()
        raise UsageError("setting_impossible", where=name, problem=first["msg"]) from error
