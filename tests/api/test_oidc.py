"""Signing in by an identity provider, and every way in which somebody might pretend to."""

import socket
import time
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from sqlalchemy import select

from inspection.access.oidc import entering
from inspection.access.oidc.asking import fetched
from inspection.access.oidc.provider import Client, Provider
from inspection.errors import UnfinishedError
from inspection.records.audit import log
from inspection.records.tables.offices import Role, RoleGrant, SignInBegun, User
from tests.api.conftest import TRUST, running
from tests.api.identity_provider import (
    CLIENT,
    SECRET,
    by_public_key,
    new_key,
    running_provider,
    signed,
    unsigned,
)

FULL = urlencode(
    {
        "response_type": "code",
        "client_id": CLIENT,
        "code_challenge_method": "S256",
        "scope": "openid",
        "state": "s",
        "redirect_uri": "http://127.0.0.1:1/",
    }
)
BEGIN = "/api/v1/session/oidc"
GIS = {"value": "gis-people", "office": "here", "roles": ["gis", "inspector"], "provision": True}
ADMIN = {"value": "admins", "office": "here", "roles": ["admin"]}
ELSEWHERE = {"value": "auditors", "office": "there", "roles": ["auditor"], "provision": True}


def code_of(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.fixture(scope="module")
def provider():
    with running_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def served(provider):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    more = {
        "address": f"http://127.0.0.1:{port}",
        "oidc_issuer": provider.url,
        "oidc_client": CLIENT,
        "oidc_secret": SECRET,
        "oidc_roles": (GIS, ADMIN, ELSEWHERE),
    }
    with running(None, port=port, **more) as served:
        yield served


@pytest.fixture(autouse=True)
def person(provider, served):
    """Somebody new at the provider, who belongs to the people of the GIS."""
    subject = served.next("subject-")
    provider.claims = {"sub": subject, "name": "Rani", "groups": ["gis-people", "others"]}
    provider.forge, provider.denies = None, False
    return subject


def there(client) -> dict[str, str]:
    """To the provider and back to our door: the words with which the person comes back."""
    begun = client.get(BEGIN)
    assert begun.status_code == 303, begun.text
    sent = httpx.get(begun.headers["Location"], verify=TRUST)
    assert sent.status_code == 302
    return {k: v[0] for k, v in parse_qs(urlsplit(sent.headers["Location"]).query).items()}


def back(client, words):
    return client.get(f"{BEGIN}/callback", params=words)


def user_of(served, subject) -> User | None:
    with served.records.reading_all() as session:
        return session.scalars(select(User).where(User.subject == subject)).one_or_none()


def test_a_person_whom_the_office_takes_in_enters_with_their_roles(served, person):
    with served.client() as client:
        answer = back(client, there(client))
        assert (answer.status_code, answer.headers["Location"]) == (303, "/")
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        me = client.get("/api/v1/session").json()
        assert (me["name"], me["roles"]) == ("Rani", ["gis", "inspector"])
        client.headers["X-CSRF-Token"] = me["csrf_token"]
        assert client.delete("/api/v1/session").status_code == 204
        assert client.get("/api/v1/permits").status_code == 401
    user = user_of(served, person)
    assert (user.office_id, user.password_hash) == (served.offices["here"], None)
    with served.records.reading(served.offices["here"]) as session:
        chain = b"".join(log(session, served.offices["here"])).decode()
    assert "user.added" in chain
    assert person not in chain


def test_what_the_provider_says_later_counts_later(served, provider):
    with served.client() as client:
        assert back(client, there(client)).status_code == 303
    provider.claims["groups"] = "admins"
    with served.client() as client:
        assert back(client, there(client)).status_code == 303
        assert client.get("/api/v1/session").json()["roles"] == ["admin"]
    provider.claims["groups"] = ["nothing-known"]
    with served.client() as client:
        assert code_of(back(client, there(client))) == (403, "oidc_no_role")


def test_nobody_changes_offices_by_what_the_provider_says(served, provider, person):
    with served.client() as client:
        assert back(client, there(client)).status_code == 303
    provider.claims["groups"] = ["auditors"]
    with served.client() as client:
        assert code_of(back(client, there(client))) == (403, "oidc_no_role")
    assert user_of(served, person).office_id == served.offices["here"]


def test_who_is_unknown_enters_only_where_the_office_takes_them_in(served, provider, person):
    for groups in (["admins"], [], None, ["gis-people", "auditors"]):
        provider.claims["groups"] = groups
        with served.client() as client:
            assert code_of(back(client, there(client))) == (403, "oidc_person_unknown")
    assert user_of(served, person) is None


def test_who_is_shut_out_stays_out(served, person):
    with served.client() as client:
        assert back(client, there(client)).status_code == 303
    with served.signed_in("here", served.people["here", Role.ADMIN]) as admin:
        known = f"/api/v1/users/{user_of(served, person).id}"
        assert code_of(admin.post(f"{known}/password")) == (409, "account_of_provider")
        assert admin.patch(known, json={"is_closed": True}).status_code == 200
    with served.client() as client:
        assert code_of(back(client, there(client))) == (401, "sign_in_refused")


def test_an_old_session_ends_and_the_new_one_is_another(served):
    old = served.person("here", Role.GIS)
    with served.signed_in("here", old.id) as client:
        before = client.cookies["tinjau_session"]
        assert back(client, there(client)).status_code == 303
        held = {one.value for one in client.cookies.jar if one.name == "tinjau_session"}
        assert held - {before}
        assert client.get("/api/v1/session").status_code == 200
    with served.client() as thief:
        thief.cookies.set("tinjau_session", before)
        assert thief.get("/api/v1/permits").status_code == 401


@pytest.mark.parametrize("kind", ["ES256", "RS256"])
def test_a_key_that_was_changed_is_asked_for_once(served, provider, kind):
    with served.client() as client:
        assert back(client, there(client)).status_code == 303
    provider.key, asked = new_key(kind), provider.keys_asked
    for _ in range(2):
        with served.client() as client:
            assert back(client, there(client)).status_code == 303
    assert provider.keys_asked == asked + 1


def changed(**more):
    return lambda claims, key: signed({**claims, **more}, key)


def without(name):
    return lambda claims, key: signed({k: v for k, v in claims.items() if k != name}, key)


ATTACKS = {
    "another nonce": (changed(nonce="another"), "oidc_nonce"),
    "no nonce": (without("nonce"), "oidc_nonce"),
    "no signature": (unsigned, "oidc_signature"),
    "signed by the public key": (by_public_key, "oidc_signature"),
    "signed by a stranger": (lambda claims, _: signed(claims, new_key()), "oidc_signature"),
    "signed by a stranger under a known name": (
        lambda claims, key: signed(claims, new_key(), kid=key.kid),
        "oidc_signature",
    ),
    "no token": (lambda *_: "nothing.of.this", "oidc_signature"),
    "for another": (changed(aud="another"), "oidc_audience"),
    "for nobody": (without("aud"), "oidc_audience"),
    "for several, handed to another": (changed(aud=[CLIENT, "x"], azp="x"), "oidc_audience"),
    "for several, handed to nobody": (changed(aud=[CLIENT, "x"]), "oidc_audience"),
    "expired": (changed(exp=time.time() - 120), "oidc_expired"),
    "not yet": (changed(iat=time.time() + 3600), "oidc_expired"),
    "for ever": (without("exp"), "oidc_claims"),
    "a moment that is text": (changed(exp="2999"), "oidc_claims"),
    "of another issuer": (changed(iss="https://provider.invalid"), "oidc_issuer"),
    "of nobody": (changed(sub=""), "oidc_claims"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_token_that_is_not_what_it_says_lets_nobody_in(served, provider, person, name):
    provider.forge, code = ATTACKS[name]
    with served.client() as client:
        answer = back(client, there(client))
        assert code_of(answer) == (401, code)
        assert "tinjau_session" not in client.cookies
        assert client.get("/api/v1/permits").status_code == 401
    assert user_of(served, person) is None


def test_clocks_may_differ_by_less_than_a_minute(served, provider):
    provider.forge = changed(exp=time.time() - 40, iat=time.time() - 340)
    with served.client() as client:
        assert back(client, there(client)).status_code == 303


def test_nobody_comes_back_twice_or_with_what_another_began(served):
    with served.client() as client, served.client() as other:
        words = there(client)
        assert code_of(back(other, words)) == (401, "oidc_state")
        # What another tried is spent: the browser that began it must begin anew.
        assert code_of(back(client, words)) == (401, "oidc_state")
        words = there(client)
        assert code_of(back(client, words | {"state": "another"})) == (401, "oidc_state")
        assert back(client, words).status_code == 303
        assert code_of(back(client, words)) == (401, "oidc_state")
        # The same code in another sign-in of the same browser: the provider takes it once.
        fresh = there(client)
        assert code_of(back(client, fresh | {"code": words["code"]})) == (401, "oidc_code")


def test_a_code_of_another_sign_in_is_refused_for_its_verifier(served):
    """Somebody slips their own code under a victim's state."""
    with served.client() as victim, served.client() as attacker:
        own, foreign = there(victim), there(attacker)
        answer = back(victim, own | {"code": foreign["code"]})
        assert code_of(answer) == (401, "oidc_code")


def test_what_began_too_long_ago_is_over(served):
    with served.client() as client:
        words = there(client)
        with served.records.writing_all() as session:
            for one in session.scalars(select(SignInBegun)):
                one.created_at -= entering.LASTS + timedelta(seconds=1)
        assert code_of(back(client, words)) == (401, "oidc_state")


def test_an_answer_of_another_provider_and_a_refusal_are_told(served, provider):
    with served.client() as client:
        words = there(client) | {"iss": "https://provider.invalid"}
        assert code_of(back(client, words)) == (401, "oidc_issuer")
        provider.denies = True
        assert code_of(back(client, there(client))) == (401, "oidc_denied")


def test_nothing_secret_goes_through_the_browser_or_stays(served, provider):
    with served.client() as client:
        begun = client.get(BEGIN)
        asked = parse_qs(urlsplit(begun.headers["Location"]).query)
        back(client, there(client))
    verifier = provider.given[-1]["code_verifier"]
    assert verifier not in begun.headers["Location"]
    assert SECRET not in begun.headers["Location"]
    assert asked["code_challenge_method"] == ["S256"]
    with served.records.reading_all() as session:
        left = session.scalars(select(SignInBegun.verifier)).all()
    assert verifier not in left


def test_a_person_known_by_their_subject_needs_no_provision(served, provider, person):
    known = served.person("here")
    with served.records.writing(served.offices["here"]) as session:
        user = session.get_one(User, known.id)
        user.issuer, user.subject, user.password_hash = provider.url, person, None
    provider.claims["groups"] = ["admins"]
    with served.client() as client:
        assert back(client, there(client)).status_code == 303
        assert client.get("/api/v1/session").json()["user_id"] == str(known.id)
    with served.records.reading(served.offices["here"]) as session:
        held = select(RoleGrant.role).where(RoleGrant.user_id == known.id)
        assert session.scalars(held).all() == [Role.ADMIN]


@pytest.mark.parametrize(
    "place", ["authorization_endpoint", "token_endpoint", "jwks_uri", "issuer"]
)
def test_a_provider_that_names_an_odd_place_is_not_followed(provider, place):
    provider.says = {place: "http://provider.invalid"}
    known = Client(issuer=provider.url, client_id=CLIENT, secret=SECRET, callback="x")
    with pytest.raises(UnfinishedError, match="oidc_unreadable"):
        Provider(known).address(state="s", nonce="n", verifier="v")
    provider.says = {}
    assert Provider(known).address(state="s", nonce="n", verifier="v").startswith(provider.url)


def test_no_redirect_is_followed_and_nothing_that_is_no_answer_is_read(provider):
    for path, code in (("/authorize", "oidc_unreachable"), ("/long", "oidc_unreadable")):
        with pytest.raises(UnfinishedError, match=code):
            fetched(f"{provider.url}{path}?{FULL}")
    with pytest.raises(UnfinishedError, match="oidc_unreachable"):
        fetched("http://127.0.0.1:1/")
    with pytest.raises(UnfinishedError, match="oidc_unreadable"):
        fetched("http://provider.invalid/")
