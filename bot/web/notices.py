"""Notices: the few pages that a browser shows while the bot is installed, plain and readable by everybody."""

import base64
import hashlib
import html
import re
from dataclasses import dataclass

STYLE = (
    "body{font:1.125rem/1.6 system-ui,sans-serif;color:#1d1c1d;background:#fff;margin:0;padding:2rem}"
    "main{max-width:36rem;margin:0 auto}a{color:#0b4c8c}"
)
HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
}
AGAIN = "Start again"


@dataclass(frozen=True)
class Notice:
    """A page: what happened, what to do, and one way on."""

    title: str
    said: tuple[str, ...]
    on: str = ""
    href: str = ""

    def html(self) -> str:
        """The page; every word of it is shown as it is, and the link leads to Slack or to our own page."""
        lines = "".join(f"<p>{html.escape(line)}</p>" for line in self.said)
        way = f'<p><a href="{html.escape(self.href)}">{html.escape(self.on)}</a></p>' if self.on else ""
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{html.escape(self.title)} - PMO Bot</title><style>{STYLE}</style></head>"
            f"<body><main><h1>{html.escape(self.title)}</h1>{lines}{way}</main></body></html>"
        )


def installed(name: str, href: str, *, org: bool) -> Notice:
    """It worked: where to go on."""
    if org:
        return Notice(f"PMO Bot is installed in {name}", NEXT_IN_ORG, "Choose workspaces" if href else "", href)
    return Notice(f"PMO Bot is installed in {name}", (NEXT,), "Open Slack", href)


NEXT = "Look at your direct messages with PMO Bot in Slack: they say what to do next. You can close this page."
NEXT_IN_ORG = (
    "An org-wide app is in no workspace yet: your Slack administration chooses the workspaces that get it.",
    "As soon as one has it, PMO Bot writes to you in Slack and says what to do next.",
)
FAILED = {
    "access_denied": ("Nothing was installed", ("You chose not to let PMO Bot in, and nothing was changed.",)),
    "invalid_browser": (
        "This has to be done in one browser",
        (
            "Slack came back to another browser than the one that began, or to one that keeps no cookies; or this page "
            "was loaded twice. Nothing was changed.",
            "Start again, and go through it in the same browser.",
        ),
    ),
    "invalid_state": (
        "That took too long, or was done already",
        (
            "Slack has to come back within ten minutes, and once. If PMO Bot has written to you in Slack, it is "
            "installed and there is nothing to do.",
        ),
    ),
    "invalid_code": (
        "Slack did not confirm the installation",
        (
            "Slack let nobody in, or could not be reached. Nothing was changed.",
            "Start again. If it does not work in a few minutes either, tell whoever gave you the link.",
        ),
    ),
    "storage_error": (
        "Something went wrong on our side",
        (
            "The installation could not be kept.",
            "Start again in a few minutes. If it goes wrong again, tell whoever gave you the link.",
        ),
    ),
}


def failed(reason: str, href: str) -> Notice:
    """It did not work: why, and what to do. Of a reason that is not known, no more than Slack's own word is shown."""
    if reason in FAILED:
        return Notice(*FAILED[reason], AGAIN, href)
    code = f" ({reason})" if re.fullmatch(r"[a-z_]{1,64}", reason) else ""
    said = (f"Slack did not let PMO Bot in{code}. Nothing was changed.", "Start again, or ask a Slack admin of yours.")
    return Notice("PMO Bot was not installed", said, AGAIN, href)
