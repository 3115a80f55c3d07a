"""Which permit each thing is that a file brings; of what it tells more than once, all waits."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from inspection.records.brought import BroughtPermit
from inspection.records.known import Known


@dataclass(frozen=True, kw_only=True)
class Match:
    """What is brought, and the permit that it is about."""

    brought: BroughtPermit
    permit_id: UUID | None
    is_unclear: bool
    candidates: tuple[UUID, ...] = ()


def matches(known: Known, brought: Sequence[BroughtPermit]) -> Iterator[Match]:
    """
    Tell what each thing is about, in its order.

    Which of several is meant that the file calls the same, a person must say: to take the
    first would be to let its place in the file decide.
    """
    about = [tuple(known.around(one)) for one in brought]
    found = [
        (None, ()) if near else known.match(one) for one, near in zip(brought, about, strict=True)
    ]
    called = Counter(one.reference for one, near in zip(brought, about, strict=True) if not near)
    told = Counter(permit_id for permit_id, _ in found if permit_id)
    # A permit gets one outline from a file.
    outlined = Counter(
        permit
        for one, near, (permit_id, _) in zip(brought, about, found, strict=True)
        if one.outline is not None
        for permit in (near or (permit_id,))
        if permit
    )
    for one, near, (permit_id, candidates) in zip(brought, about, found, strict=True):
        for each in near:
            is_unclear = one.outline is not None and outlined[each] > 1
            yield Match(brought=one, permit_id=each, is_unclear=is_unclear)
        if near:
            continue
        if permit_id is not None:
            is_again = told[permit_id] > 1 or (one.outline is not None and outlined[permit_id] > 1)
            yield Match(brought=one, permit_id=permit_id, is_unclear=is_again)
            continue
        other = None if candidates else known.referred_to(one.reference)
        maybe = candidates or ((other,) if other else ())
        is_unclear = bool(maybe) or called[one.reference] > 1
        yield Match(brought=one, permit_id=None, is_unclear=is_unclear, candidates=maybe)
