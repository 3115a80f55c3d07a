"""The offices of an installation, their people, and how these sign in."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inspection.language import Json
from inspection.records.columns import SHA256_DIGITS, choice
from inspection.records.tables.base import OfficeOwned, Record, refers_to


class Role(StrEnum):
    """What a person may be to an office; several at once, but for the one above the offices."""

    INSPECTOR = "inspector"
    REVIEWER = "reviewer"
    GIS = "gis"
    ADMIN = "admin"
    AUDITOR = "auditor"
    CENTRAL_ADMIN = "central_admin"
    """Makes offices and sees no case of any; belongs to the installation, as nobody else does."""


class Office(Record):
    """One licensing office; what it owns no other office sees."""

    __tablename__ = "offices"

    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str]
    time_zone: Mapped[str] = mapped_column(String(64))
    """By its name in the time zone database: Asia/Jakarta."""

    profile: Mapped[str] = mapped_column(String(128))
    language: Mapped[str] = mapped_column(String(8))
    settings: Mapped[dict[str, Json]] = mapped_column(default=dict)
    suspended_at: Mapped[datetime | None]
    """From when none of its people may sign in; what it has on record stays."""


class User(OfficeOwned, Record):
    """A person who signs in."""

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("office_id", "id"),
        UniqueConstraint("issuer", "subject"),
    )

    login: Mapped[str] = mapped_column(String(128), unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    """None where an identity provider vouches for the person."""

    totp_secret: Mapped[str | None]
    issuer: Mapped[str | None] = mapped_column(String(512))
    subject: Mapped[str | None] = mapped_column(String(512))
    closed_at: Mapped[datetime | None]
    """From when the person may no longer sign in."""


class RoleGrant(OfficeOwned, Record):
    """One role of one person; taken away by deleting the row, which the audit log keeps."""

    __tablename__ = "role_grants"
    __table_args__ = (
        UniqueConstraint("user_id", "role"),
        refers_to("users", "user_id"),
        CheckConstraint(
            f"(role = 'central_admin') = (office_id = '{UUID(int=0).hex}')", name="central_admin"
        ),
    )

    user_id: Mapped[UUID]
    role: Mapped[Role] = mapped_column(choice(Role))
    granted_by: Mapped[UUID | None]


class SignIn(OfficeOwned, Record):
    """A browser's session; what the browser holds is known here by its hash only."""

    __tablename__ = "sign_ins"
    __table_args__ = (refers_to("users", "user_id"),)

    user_id: Mapped[UUID] = mapped_column(index=True)
    secret_sha256: Mapped[str] = mapped_column(String(SHA256_DIGITS), unique=True)
    csrf_sha256: Mapped[str] = mapped_column(String(SHA256_DIGITS))
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]


class SignInAttempt(Record):
    """A try to sign in that has not succeeded; whose it was is known by a hash only."""

    __tablename__ = "sign_in_attempts"

    owner: Mapped[UUID]
    """The installation, all zeros: a login that nobody has belongs to no office."""

    login_sha256: Mapped[str] = mapped_column(String(SHA256_DIGITS), index=True)
    origin_sha256: Mapped[str] = mapped_column(String(SHA256_DIGITS), index=True)
    """Of the network address that it came from."""


class SignInBegun(Record):
    """Somebody who was sent to the identity provider and has not come back yet."""

    __tablename__ = "sign_ins_begun"

    owner: Mapped[UUID]
    """The installation, all zeros: whose it is, is not known before they come back."""

    state_sha256: Mapped[str] = mapped_column(String(SHA256_DIGITS), unique=True)
    browser_sha256: Mapped[str] = mapped_column(String(SHA256_DIGITS))
    """Of what the browser holds that began, so that no other comes back in its place."""

    nonce: Mapped[str] = mapped_column(String(64))
    verifier: Mapped[str] = mapped_column(String(64))
    """Shown to the provider with the code, minutes later; then the row is gone."""


class Token(OfficeOwned, Record):
    """A program's key to the API, known here by its hash only."""

    __tablename__ = "tokens"
    __table_args__ = (refers_to("users", "user_id"),)

    user_id: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str]
    secret_sha256: Mapped[str] = mapped_column(String(SHA256_DIGITS), unique=True)
    scopes: Mapped[list[Json]]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class DeviceKey(OfficeOwned, Record):
    """The key of a field laptop, by which its parcels are known to be somebody's of the office."""

    __tablename__ = "device_keys"
    __table_args__ = (UniqueConstraint("office_id", "id"), refers_to("users", "user_id"))

    user_id: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str]
    """What the laptop is called."""

    public_key: Mapped[str] = mapped_column(String(SHA256_DIGITS), unique=True)
    """Ed25519, 32 bytes as digits."""

    ended_at: Mapped[datetime | None]


class Calendar(OfficeOwned, Record):
    """When an office works: its opening hours; days that differ are `CalendarDay`s."""

    __tablename__ = "calendars"
    __table_args__ = (
        UniqueConstraint("office_id", "id"),
        UniqueConstraint("office_id", "name"),
    )

    name: Mapped[str] = mapped_column(String(128))
    time_zone: Mapped[str] = mapped_column(String(64))
    hours: Mapped[dict[str, Json]]
    """Day of the week, "1" (Monday) to "7", to [opens, closes] in minutes of the local day,
    and again after each break."""


class CalendarDay(OfficeOwned, Record):
    """A day on which an office does not work although it is a weekday, or the other way round."""

    __tablename__ = "calendar_days"
    __table_args__ = (UniqueConstraint("calendar_id", "day"), refers_to("calendars", "calendar_id"))

    calendar_id: Mapped[UUID]
    day: Mapped[date]
    name: Mapped[str]
    source: Mapped[str]
    """The decree or the officer that says so."""

    hours: Mapped[list[Json] | None]
    """As those of the week; None where the office is closed."""
