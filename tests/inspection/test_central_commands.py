"""Central administrators and suspended offices, from the command line."""

import re

import pytest
from typer.main import get_command

from inspection.access.people import first_admin
from inspection.access.sessions import sign_in
from inspection.commands.office import office
from inspection.commands.user import user
from inspection.errors import ConflictError, ForbiddenError, RefusedError
from inspection.language import Language
from inspection.records.audit import INSTALLATION
from inspection.records.tables.offices import Role
from inspection.settings import read_settings
from inspection.wiring import open_database


@pytest.fixture
def there(tmp_path, monkeypatch, capsys):
    """An empty installation; gives its records, and what a command says."""
    monkeypatch.setenv("TINJAU_DATA", str(tmp_path))
    monkeypatch.setenv("TINJAU_LANGUAGE", "en")
    records, engine = open_database(read_settings())

    def tinjau(command, *words):
        command(list(words), standalone_mode=False)
        return capsys.readouterr().out

    yield records, tinjau
    engine.dispose()


def test_a_central_administrator_is_taken_in_and_shut_out_by_command_alone(there) -> None:
    records, tinjau = there
    people, offices = get_command(user), get_command(office)
    said = tinjau(people, "add", "nadia", "--role", "central_admin")
    password = re.fullmatch(r"nadia: password (\S{20}) \(shown this once\)\n", said).group(1)

    def signed(login, word):
        return sign_in(records, login=login, password=word, origin="here")

    actor = signed("nadia", password).actor
    assert (actor.office_id, actor.roles) == (INSTALLATION, {Role.CENTRAL_ADMIN})
    # Somebody may sign in: no office is begun unasked, and none is named by leaving it out.
    assert first_admin(records, profile="generic", language=Language.ENGLISH) is None
    with pytest.raises(RefusedError, match="office_unknown"):
        tinjau(people, "add", "rani", "--role", "gis")
    made = tinjau(offices, "add", "banten", "--name", "Dinas Banten", "--admin", "kepala")
    first = re.search(r"password (\S{20})", made).group(1)
    assert tinjau(offices, "list").startswith("banten: ")
    assert tinjau(people, "list") == "kepala: Admin; admin\n"
    assert tinjau(people, "list", "--central") == "nadia: nadia; central_admin\n"
    for words in (
        ("add", "two", "--role", "central_admin", "--role", "gis"),
        ("add", "two", "--role", "central_admin", "--office", "banten"),
        ("role", "nadia", "admin"),
    ):
        with pytest.raises(RefusedError, match="role_central_alone"):
            tinjau(people, *words)
    with pytest.raises(ConflictError, match="last_admin"):
        tinjau(people, "role", "kepala", "central_admin")

    assert tinjau(offices, "set", "banten", "--suspend").endswith("; suspended\n")
    with pytest.raises(ForbiddenError, match="office_suspended"):
        signed("kepala", first)
    assert tinjau(offices, "set", "banten", "--resume").endswith("language en\n")
    assert signed("kepala", first).actor.roles == {Role.ADMIN}
    # The last of them may go: the command line is still there to take another in.
    assert tinjau(people, "disable", "nadia") == "nadia is shut out\n"
