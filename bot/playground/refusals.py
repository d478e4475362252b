"""How Slack says no: an error code, and what else its answer carries."""

from typing import Any

from bot.playground.lint import Verdict
from bot.playground.records import Json


class Refusal(Exception):
    """Slack refuses a call with this error code."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more

    @classmethod
    def by(cls, verdict: Verdict) -> "Refusal":
        """The refusal that a judgement of Block Kit leads to."""
        more = {"response_metadata": {"messages": verdict.messages}} if verdict.messages else {}
        return cls(verdict.error, **more)

    @classmethod
    def argument(cls, problem: str, name: str) -> "Refusal":
        """The refusal of an argument that is missing or of a wrong kind."""
        message = f"[ERROR] {problem} [json-pointer:/{name}]"
        return cls("invalid_arguments", response_metadata={"messages": [message]})

    def body(self) -> Json:
        """The answer's JSON."""
        return {"ok": False, "error": self.error, **self.more}
