"""From a person who wants in, over the identity provider, to their session here."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from inspection.access.oidc.provider import Provider
from inspection.access.roles import provided_roles
from inspection.access.secret import digest, new_secret
from inspection.access.sessions import Signed, begin_session
from inspection.errors import ForbiddenError, StrangerError
from inspection.language import Json
from inspection.records.audit import INSTALLATION, Deed, record
from inspection.records.columns import now
from inspection.records.store import Records
from inspection.records.tables.offices import Office, Role, SignInBegun, User

LASTS: Final = timedelta(minutes=10)
LONGEST_NAME: Final = 120


@dataclass(frozen=True, kw_only=True)
class Begun:
    """Where the person goes, and what their browser keeps until they come back."""

    address: str
    secret: str


@dataclass(frozen=True, kw_only=True)
class Back:
    """With what a person comes back from the provider."""

    state: str
    code: str | None
    issuer: str | None
    """As the answer itself names it (RFC 9207)."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What one value of a claim makes of a person."""

    value: str
    office: str
    """Code of the office."""

    roles: frozenset[Role]
    provision: bool
    """Whether the office takes in whoever comes with it."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What the settings say of people of the provider."""

    claim: str
    """The claim whose values say what a person is."""

    roles: Sequence[Rule]


def begin(records: Records, provider: Provider) -> Begun:
    """
    Begin to sign somebody in, whoever it will be.

    Raises
    ------
    UnfinishedError
        ``oidc_unreachable``, ``oidc_unreadable``.
    """
    state, nonce, verifier, secret = (new_secret() for _ in range(4))
    address = provider.address(state=state, nonce=nonce, verifier=verifier)
    with records.writing_all() as session:
        session.execute(delete(SignInBegun).where(SignInBegun.created_at < now() - LASTS))
        session.add(
            SignInBegun(
                owner=INSTALLATION,
                state_sha256=digest(state),
                browser_sha256=digest(secret),
                nonce=nonce,
                verifier=verifier,
            )
        )
    return Begun(address=address, secret=secret)


def enter(
    records: Records, provider: Provider, rules: Rules, back: Back, *, secret: str | None
) -> Signed:
    """
    Let in who comes back, with the roles that the provider's word gives them.

    Raises
    ------
    StrangerError
        ``oidc_state`` where it was not this browser that began, or too long ago, or twice;
        ``oidc_denied``, ``oidc_issuer``; what `Provider.claims` raises; ``sign_in_refused``.
    ForbiddenError
        ``oidc_person_unknown``, ``oidc_no_role``.
    """
    begun = _taken(records, back.state, secret)
    if back.issuer is not None and back.issuer != provider.client.issuer:
        raise StrangerError("oidc_issuer")
    if back.code is None:
        raise StrangerError("oidc_denied")
    claims = provider.claims(back.code, nonce=begun.nonce, verifier=begun.verifier)
    person, office = _person(records, provider.client.issuer, claims, rules)
    return begin_session(records, office, person, by="oidc")


def _taken(records: Records, state: str, secret: str | None) -> SignInBegun:
    """What was begun, which is gone from now on: nobody comes back by it twice."""
    with records.writing_all() as session:
        asked = select(SignInBegun).where(
            SignInBegun.state_sha256 == digest(state), SignInBegun.created_at > now() - LASTS
        )
        begun = session.scalars(asked.with_for_update()).one_or_none()
        if begun is not None:
            session.delete(begun)
    held = digest(secret or "")
    if begun is None or not hmac.compare_digest(begun.browser_sha256, held):
        raise StrangerError("oidc_state")
    return begun


def _person(
    records: Records, issuer: str, claims: Mapping[str, Any], rules: Rules
) -> tuple[UUID, UUID]:
    """The person that the claims are about, and their office; their roles are brought up to it."""
    fitting = _fitting(claims, rules)
    with records.reading_all() as session:
        asked = select(User).where(User.issuer == issuer, User.subject == claims["sub"])
        user = session.scalars(asked).one_or_none()
        office = user.office_id if user else _office_of(session, fitting)
    if user is not None and user.closed_at is not None:
        raise StrangerError("sign_in_refused")
    with records.reading_all() as session:
        code = session.get_one(Office, office).code
    roles = {role for one in fitting if one.office == code for role in one.roles}
    # Without rules the office's administrator gives the roles; with some, the provider does.
    if rules.roles and not roles:
        raise ForbiddenError("oidc_no_role")
    with records.writing(office) as session:
        if user is None:
            user = _added(session, issuer, claims)
        if rules.roles:
            provided_roles(session, session.get_one(User, user.id), roles)
    return user.id, office


def _fitting(claims: Mapping[str, Any], rules: Rules) -> list[Rule]:
    stated = claims.get(rules.claim)
    values = stated if isinstance(stated, list) else [stated]
    return [one for one in rules.roles if one.value in values]


def _office_of(session: Session, fitting: Sequence[Rule]) -> UUID:
    """The one office that takes such people in by itself."""
    codes = {one.office for one in fitting if one.provision}
    found = session.scalars(select(Office.id).where(Office.code.in_(codes))).all()
    if len(found) != 1:
        raise ForbiddenError("oidc_person_unknown")
    return found[0]


def _added(session: Session, issuer: str, claims: Mapping[str, Any]) -> User:
    subject = str(claims["sub"])
    name = str(claims.get("name") or claims.get("preferred_username") or subject)
    # By the subject and no name of theirs: nobody shall look like somebody who was here before.
    login = f"oidc:{digest(f'{issuer} {subject}')[:32]}"
    printable = "".join(sign for sign in name if sign.isprintable())[:LONGEST_NAME]
    user = User(login=login, name=printable or login, issuer=issuer, subject=subject)
    try:
        with session.begin_nested():
            session.add(user)
            session.flush()
    except IntegrityError as error:
        # Two windows at once: the other one was first, and this one may try again.
        raise StrangerError("oidc_state") from error
    facts: dict[str, Json] = {"by": "oidc"}
    deed = Deed(action="user.added", subject_kind="user", subject_id=str(user.id), facts=facts)
    record(session, deed, actor=None)
    return user
