"""Addresses: which ones are Slack's own, and may be called when a request names them."""

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

_HOST: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*|[0-9a-f:]+")


def is_of(url: str, api: str) -> bool:
    """Whether an address is on the host of Slack's API, or one below it, by the same scheme and port.

    What a request tells us to call (`response_url`, a file's `url_private`) is called there or nowhere: it must never
    be an address inside our own network. hooks.slack.com and files.slack.com lie below slack.com.
    """
    try:
        asked, ours = urlsplit(url), urlsplit(api)
        if (asked.scheme, asked.port) != (ours.scheme, ours.port) or asked.username is not None:
            return False
    except ValueError:
        return False
    host, home = _host(asked), _host(ours).removeprefix("www.")
    return bool(_HOST.fullmatch(host)) and (host == home or host.endswith(f".{home}"))


def _host(parts: SplitResult) -> str:
    return parts.hostname or ""
