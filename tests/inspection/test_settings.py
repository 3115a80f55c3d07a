"""Settings: from the environment, from one file, and shown without their secrets."""

from pathlib import Path

import pytest

from inspection.__main__ import app
from inspection.errors import UsageError
from inspection.language import Language
from inspection.settings import Settings, language_alone, read_settings
from inspection.terminal.setting_sheet import setting_lines, shown
from inspection.wording.catalogue import wording

SECRET = "correct-horse"  # noqa: S105 - what must not be printed


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away what the machine of the test has set."""
    for name in (*Settings.model_fields, "settings"):
        monkeypatch.delenv(f"TINJAU_{name.upper()}", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    path.touch()
    monkeypatch.setenv("TINJAU_SETTINGS", str(path))
    return path


def test_without_any_setting_all_is_kept_in_the_users_own_folder(tmp_path: Path) -> None:
    settings = read_settings()
    assert settings.data == tmp_path / "data" / "tinjau"
    assert {one.origin for one in shown(settings)} == {"default"}


def test_the_environment_goes_before_the_file_and_the_file_before_the_default(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text('language = "en"\nprofile = "of-the-file"\n')
    monkeypatch.setenv("TINJAU_PROFILE", "of-the-environment")
    settings = read_settings()
    assert settings.language is Language.ENGLISH
    assert settings.profile == "of-the-environment"
    origins = {one.name: one.origin for one in shown(settings)}
    assert origins["profile"] == "environment"
    assert origins["language"] == "file"
    assert origins["records"] == "default"


def test_the_users_own_file_counts_where_none_is_named(tmp_path: Path) -> None:
    own = tmp_path / "config" / "tinjau" / "settings.toml"
    own.parent.mkdir(parents=True)
    own.write_text('objects = "s3://bucket/prefix"\n')
    assert read_settings().objects == "s3://bucket/prefix"


def test_no_secret_is_shown_anywhere(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(f'database = "postgresql://office:{SECRET}@db.example/tinjau?k={SECRET}"\n')
    monkeypatch.setenv("TINJAU_OBJECTS_SECRET", SECRET)
    settings = read_settings()
    assert settings.objects_secret is not None
    assert settings.objects_secret.get_secret_value() == SECRET
    lines = list(setting_lines(shown(settings), wording(Language.ENGLISH)))
    assert SECRET not in "\n".join([repr(settings), str(settings), *lines])
    assert any("postgresql://***@db.example/tinjau" in line for line in lines)
    monkeypatch.setenv("TINJAU_DATABASE", SECRET)
    told = list(setting_lines(shown(read_settings()), wording(Language.ENGLISH)))
    assert SECRET not in "\n".join(told)


def test_what_is_shown_can_be_used_as_a_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINJAU_OBJECTS", 'a "strange" \\ folder')
    monkeypatch.setenv("TINJAU_LANGUAGE", "en")
    before = read_settings()
    file.write_text("\n".join(setting_lines(shown(before), wording(Language.ENGLISH))))
    monkeypatch.delenv("TINJAU_OBJECTS")
    monkeypatch.delenv("TINJAU_LANGUAGE")
    assert read_settings() == before


@pytest.mark.parametrize(
    ("content", "code", "where"),
    [
        ('langauge = "en"', "setting_unknown", "langauge"),
        ('language = "fr"', "setting_impossible", "TINJAU_LANGUAGE"),
        ("data = 7", "setting_impossible", "TINJAU_DATA"),
        ("language = en", "settings_file_unreadable", None),
        (b'profile = "\xff"', "settings_file_unreadable", None),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(
    content: str | bytes, code: str, where: str | None, file: Path
) -> None:
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UsageError) as refused:
        read_settings()
    assert (refused.value.code, refused.value.where) == (code, where)


def test_the_command_shows_the_settings_and_does_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TINJAU_OBJECTS_SECRET", SECRET)
    assert app(["--show-config", "scrub"], standalone_mode=False) in (0, None)
    told = capsys.readouterr().out
    named = [line.removeprefix("# ").partition(" ")[0].strip(":") for line in told.splitlines()]
    assert named == list(Settings.model_fields)
    assert 'objects_secret = "***"' in told


def test_a_file_that_is_named_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINJAU_SETTINGS", "not-there.toml")
    with pytest.raises(UsageError, match="settings_file_missing"):
        read_settings()


def test_a_list_is_read_from_the_environment_from_the_file_and_as_it_is_shown(file, monkeypatch):
    text = '[{"value": "g", "office": "o", "roles": ["gis"]}]'
    monkeypatch.setenv("TINJAU_OIDC_ROLES", text)
    told = read_settings()
    assert (told.oidc_roles[0].roles, told.oidc_roles[0].provision) == (("gis",), False)
    file.write_text("\n".join(setting_lines(shown(told), wording(Language.ENGLISH))))
    monkeypatch.delenv("TINJAU_OIDC_ROLES")
    assert read_settings().oidc_roles == told.oidc_roles
    file.write_text('[[oidc_roles]]\nvalue = "g"\noffice = "o"\nroles = ["gis"]\n')
    assert read_settings().oidc_roles == told.oidc_roles
    file.write_text('oidc_roles = "no JSON"')
    with pytest.raises(UsageError, match="setting_impossible"):
        read_settings()


def test_a_list_in_the_environment_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("nonsense", "[" * 100_000, '[{"value": 1}]', "7"):
        monkeypatch.setenv("TINJAU_OIDC_ROLES", text)
        with pytest.raises(UsageError) as refused:
            read_settings()
        told = refused.value
        assert (told.code, told.where) == ("setting_impossible", "TINJAU_OIDC_ROLES")
        assert told.facts == {"name": "TINJAU_OIDC_ROLES"}, "no words of a library"


def test_the_language_counts_though_another_setting_is_wrong(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text('language = "en"\ndata = 7\n')
    assert language_alone() is Language.ENGLISH
    monkeypatch.setenv("TINJAU_LANGUAGE", "id")
    assert language_alone() is Language.INDONESIAN
    monkeypatch.setenv("TINJAU_LANGUAGE", "en")
    file.write_text("no settings")
    assert language_alone() is Language.ENGLISH
    monkeypatch.setenv("TINJAU_LANGUAGE", "klingon")
    assert language_alone() is Language.INDONESIAN
