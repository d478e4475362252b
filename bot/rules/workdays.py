"""Working days, Monday to Friday: added and counted in constant time."""

from datetime import date, timedelta


def is_working(day: date) -> bool:
    """Whether the day is a working day."""
    return day.weekday() < 5


def plus(day: date, count: int) -> date:
    """The day that is `count` >= 0 working days after this one; counting starts on the next working day."""
    if count and not is_working(day):
        day -= timedelta(days=day.weekday() - 4)
    weeks, rest = divmod(count, 5)
    over = 2 if rest and day.weekday() + rest > 4 else 0
    return day + timedelta(weeks=weeks, days=rest + over)


def between(start: date, end: date) -> int:
    """How many working days lie after start up to and with end; negative when end is the earlier."""
    if end < start:
        return -between(end, start)
    return _since_monday_1(end) - _since_monday_1(start)


def _since_monday_1(day: date) -> int:
    """Working days from Monday, 1 January of the year 1, up to and with the day."""
    weeks, weekday = divmod(day.toordinal() - 1, 7)
    return weeks * 5 + min(weekday + 1, 5)
