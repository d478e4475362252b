"""Rate limits, on the virtual clock: so many calls a minute for each method, one message a second and channel."""

import math
from collections import defaultdict, deque
from datetime import datetime, timedelta
from threading import Lock

T1, T2, T3, T4 = 1, 20, 50, 100
MESSAGES_A_MINUTE = 300
SPECIAL = 600
MINUTE = timedelta(minutes=1)

PER_MINUTE: dict[str, int] = {
    "apps.uninstall": T1,
    "apps.connections.open": T3,
    "auth.revoke": T3,
    "auth.test": SPECIAL,
    "bookmarks.add": T2,
    "bots.info": T3,
    "chat.delete": T3,
    "chat.getPermalink": SPECIAL,
    "chat.postEphemeral": T4,
    "chat.postMessage": MESSAGES_A_MINUTE,
    "chat.update": T3,
    "conversations.history": T3,
    "conversations.info": T3,
    "conversations.join": T3,
    "conversations.list": T2,
    "conversations.members": T4,
    "conversations.open": T3,
    "conversations.replies": T3,
    "files.completeUploadExternal": T4,
    "files.getUploadURLExternal": T4,
    "files.info": T4,
    "oauth.v2.access": SPECIAL,
    "pins.add": T2,
    "reactions.add": T3,
    "team.info": T3,
    "usergroups.list": T2,
    "usergroups.users.list": T2,
    "users.conversations": T2,
    "users.info": T4,
    "users.list": T2,
    "users.lookupByEmail": T3,
    "views.open": T4,
    "views.publish": T4,
    "views.push": T4,
    "views.update": T4,
}


class Limits:
    """Counts calls; a refused method stays refused in that workspace until its Retry-After has passed."""

    def __init__(self, *, enabled: bool = True) -> None:
        self.enabled = enabled
        self._calls: dict[tuple[str, str], deque[datetime]] = defaultdict(deque)
        self._posted: dict[tuple[str, str], datetime] = {}
        self._held: dict[tuple[str, str], datetime] = {}
        self._lock = Lock()

    def check(self, team: str, method: str, now: datetime, channel: str = "") -> int | None:
        """Seconds to wait when the call is one too many, else None, and the call is counted."""
        if not self.enabled:
            return None
        with self._lock:
            self._forget(team, method, now)
            until = self._too_many(team, method, now, channel)
            if until is None:
                self._count(team, method, now, channel)
                return None
            self._held[team, method] = until
            return max(1, math.ceil((until - now).total_seconds()))

    def _forget(self, team: str, method: str, now: datetime) -> None:
        """Drop what is older than a minute, or later than now after the clock was moved back."""
        calls = self._calls[team, method]
        while calls and not now - MINUTE < calls[0] <= now:
            calls.popleft()
        later = [key for key, at in self._posted.items() if at > now]
        for key in later:
            del self._posted[key]
        if self._held.get((team, method), now) > now + MINUTE:
            del self._held[team, method]

    def _too_many(self, team: str, method: str, now: datetime, channel: str) -> datetime | None:
        held = self._held.get((team, method))
        if held is not None and held > now:
            return held
        calls = self._calls[team, method]
        if len(calls) >= PER_MINUTE.get(method, T3):
            return calls[0] + MINUTE
        last = self._posted.get((team, channel))
        if method == "chat.postMessage" and last is not None and now - last < timedelta(seconds=1):
            return last + timedelta(seconds=1)
        return None

    def _count(self, team: str, method: str, now: datetime, channel: str) -> None:
        self._calls[team, method].append(now)
        if method == "chat.postMessage":
            self._posted[team, channel] = now
