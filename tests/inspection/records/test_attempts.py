"""Tries to sign in are counted alike by both databases, also when they come at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from inspection.access.attempts import MOST, begin_attempt, forget_attempts
from inspection.errors import TooOftenError


def test_no_more_tries_than_allowed_even_at_once(world) -> None:
    def is_let_through(_) -> bool:
        try:
            begin_attempt(world.records, "Somebody", origin="here")
        except TooOftenError as error:
            return not 0 < error.facts["seconds"] <= 900
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(is_let_through, range(2 * MOST))) == MOST
    with world.records.writing_all() as session:
        forget_attempts(session, "somebody")
    assert is_let_through(None)


def test_one_place_does_not_go_through_all_logins(world, monkeypatch) -> None:
    monkeypatch.setattr("inspection.access.attempts.MOST_FROM_ONE_PLACE", 3)
    for number in range(3):
        begin_attempt(world.records, f"login {number}", origin="there")
    with pytest.raises(TooOftenError):
        begin_attempt(world.records, "login 3", origin="there")
    begin_attempt(world.records, "login 3", origin="elsewhere")
