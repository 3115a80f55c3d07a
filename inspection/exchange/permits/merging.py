"""What several files say of the same permit, brought together; nothing of it is overwritten."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

from inspection.exchange.permits.imported import Outline, PermitImport, Step, Value, likeness
from inspection.exchange.permits.vocabulary import Key
from inspection.problem import warning

_ABOUT: Final = (Key.PROJECT_ID, Key.BUSINESS_ID)
"""What has these keys alone is about a project or a business, not about one permit."""

_MOST_UNLIKE: Final = 100
"""Things under one key and unlike in others; more of them say that it is no key."""

type Names = tuple[tuple[Key, str], ...]


def merged(permits: Iterable[PermitImport]) -> list[PermitImport]:
    """
    Bring together what is about the same permit, in whichever order it came.

    Two are the same where they share a key and no other key of theirs differs. What could
    belong to several that differ is left alone, with a warning. What is about a whole project,
    or a business, is added to each of its permits; where there are none, it stands by itself.
    """
    groups = _alike(permits)
    whole = {names: one for names, one in groups.items() if not _is_context(names)}
    context = {names: one for names, one in groups.items() if _is_context(names)}
    for key in Key:
        if key is not Key.BUSINESS_ID:
            whole = _met(whole, key)
    return _with_context(whole, context)


def grouped(rows: Iterable[PermitImport], keys: Sequence[Key]) -> list[PermitImport]:
    """Bring the rows of one file together that share one of the keys and differ in no other."""
    groups = _alike(rows)
    for key in keys:
        groups = _met(groups, key)
    return list(groups.values())


def joined(permits: Sequence[PermitImport]) -> PermitImport:
    """All that is said of one thing; equal words of one file are kept once."""
    if len(permits) == 1:
        return permits[0]
    return PermitImport(
        keys=_union([one.keys for one in permits]),
        values=_union([one.values for one in permits]),
        outlines=_outlines(one for each in permits for one in each.outlines),
        steps=_steps(one for each in permits for one in each.steps),
        problems=tuple(
            {(p.code, p.where, p.value): p for each in permits for p in each.problems}.values()
        ),
    )


def _union[K](tables: Sequence[Mapping[K, tuple[Value, ...]]]) -> dict[K, tuple[Value, ...]]:
    union: dict[K, dict[tuple[object, str], Value]] = {}
    for table in tables:
        for name, values in table.items():
            seen = union.setdefault(name, {})
            for one in values:
                seen.setdefault((likeness(one), one.origin.sha256), one)
    return {name: tuple(sorted(seen.values(), key=_rank)) for name, seen in union.items()}


def _rank(value: Value) -> tuple[str, str, str]:
    return value.origin.sha256, value.where, str(value.value)


def _outlines(found: Iterable[Outline]) -> tuple[Outline, ...]:
    distinct = {(one.sha256, one.origin.sha256): one for one in found}
    return tuple(distinct[name] for name in sorted(distinct))


def _steps(found: Iterable[Step]) -> tuple[Step, ...]:
    distinct = {
        (one.code, one.name, one.status, one.began, one.ended, one.origin.sha256): one
        for one in found
    }
    return tuple(sorted(distinct.values(), key=lambda one: (one.began or "", one.where)))


def _names(one: PermitImport) -> Names:
    return tuple(
        (key, "".join(str(one.keys[key][0].value).casefold().split()))
        for key in Key
        if key in one.keys
    )


def _is_context(names: Names) -> bool:
    return all(key in _ABOUT for key, _ in names)


def _alike(permits: Iterable[PermitImport]) -> dict[Names, PermitImport]:
    alike: dict[Names, list[PermitImport]] = defaultdict(list)
    for one in permits:
        alike[_names(one)].append(one)
    return {names: joined(some) for names, some in alike.items()}


def _met(groups: Mapping[Names, PermitImport], key: Key) -> dict[Names, PermitImport]:
    """Join the groups that share a key, where it is certain which belong together."""
    sharing: dict[str, list[Names]] = defaultdict(list)
    for names in groups:
        for name, value in names:
            if name is key:
                sharing[value].append(names)
    left = dict(groups)
    for together in sharing.values():
        if len(together) > 1:
            for cluster in _clusters(sorted(together)):
                parts = [left.pop(names) for names in cluster]
                both = joined(parts)
                names = tuple(sorted({pair for one in cluster for pair in one}, key=_order))
                left[names] = joined([left[names], both]) if names in left else both
            for names in _undecided(sorted(together)):
                left[names] = _doubted(left[names], key)
    return left


def _order(pair: tuple[Key, str]) -> int:
    return list(Key).index(pair[0])


def _clusters(together: Sequence[Names]) -> list[list[Names]]:
    """Those of which each agrees with all that any of them agrees with."""
    friends = _friends(together)
    found: list[list[Names]] = []
    for names, own in friends.items():
        if len(own) > 1 and names == min(own) and all(friends[one] == own for one in own):
            found.append(sorted(own))
    return found


def _undecided(together: Sequence[Names]) -> list[Names]:
    """Those that agree with several which do not agree with each other."""
    friends = _friends(together)
    if not friends:
        return list(together)
    return [
        names
        for names, own in friends.items()
        if len(own) > 1 and any(friends[one] != own for one in own)
    ]


def _friends(together: Sequence[Names]) -> dict[Names, frozenset[Names]]:
    if len(together) > _MOST_UNLIKE:
        return {}
    friends = {one: {one} for one in together}
    for one, other in combinations(together, 2):
        told, known = dict(one), dict(other)
        if all(told[key] == known[key] for key in told.keys() & known.keys()):
            friends[one].add(other)
            friends[other].add(one)
    return {one: frozenset(some) for one, some in friends.items()}


def _doubted(one: PermitImport, key: Key) -> PermitImport:
    where = one.keys[key][0].where
    doubt = warning("import_match_ambiguous", where=where, field=str(key))
    return replace(one, problems=(*one.problems, doubt))


def _with_context(
    whole: Mapping[Names, PermitImport], context: Mapping[Names, PermitImport]
) -> list[PermitImport]:
    """Add to each permit what is known of its project and its business."""
    is_business = {names: names[0][0] is Key.BUSINESS_ID for names in context}
    projects = _met({n: one for n, one in context.items() if not is_business[n]}, Key.PROJECT_ID)
    businesses = {n: one for n, one in context.items() if is_business[n]}
    around_permits = _Around(projects, Key.PROJECT_ID)
    around_all = _Around(businesses, Key.BUSINESS_ID)
    found = []
    for names, one in whole.items():
        found.append(around_all.added(*around_permits.added(one, names))[0])
    for names, one in projects.items():
        if names not in around_permits.used:
            found.append(around_all.added(one, names)[0])
    return found + [one for names, one in businesses.items() if names not in around_all.used]


class _Around:
    """Projects or businesses, by their key, and which of them were of use."""

    def __init__(self, groups: Mapping[Names, PermitImport], key: Key) -> None:
        self.used: set[Names] = set()
        self._groups = groups
        self._key = key
        self._by_key: dict[str, list[Names]] = defaultdict(list)
        for names in groups:
            self._by_key[dict(names)[key]].append(names)

    def added(self, one: PermitImport, names: Names) -> tuple[PermitImport, Names]:
        """Add what lies around one thing, where just one has its key and differs in no other."""
        own = dict(names)
        known = self._by_key.get(own.get(self._key, ""), [])
        fitting = [some for some in known if all(own.get(k, v) == v for k, v in some)]
        self.used.update(fitting)
        if len(fitting) > 1:
            return _doubted(one, self._key), names
        if not fitting:
            return one, names
        both = joined([one, self._groups[fitting[0]]])
        return both, tuple(sorted({*names, *fitting[0]}, key=_order))
