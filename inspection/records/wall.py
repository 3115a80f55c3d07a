"""What instant it is when a clock on the wall shows a time, also on days when clocks are turned."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_WHOLE_DAY: Final = 24 * 60
_SECOND: Final = timedelta(seconds=1)


def there(at: datetime, zone: str) -> date:
    """The day that it is then by the clocks of a zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def instant(zone: ZoneInfo, day: date, minute: int) -> datetime:
    """
    The instant of a minute of the local day.

    The clocks on the wall decide; how long a day is by them, they say themselves. A time that
    comes twice is the first; a time that is skipped is the moment at which it is.
    """
    days, minute = divmod(minute, _WHOLE_DAY)
    wall = datetime.combine(day + timedelta(days=days), time(minute // 60, minute % 60))
    there = wall.replace(tzinfo=zone)
    at = there.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == wall:
        return at
    # Skipped: read by the time of before it lies after the turn, by that of after it before.
    before, after = there.replace(fold=1).astimezone(UTC), at
    old = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
