"""The kinds of trouble the house knows by name."""

from collections.abc import Mapping, Sequence


class Refused(Exception):
    """A person can mend it: the message says what is wrong and what to do, at the field where it is wrong.

    `fields` maps a field's name to its message, so that a form shows every fault at once. A message never repeats
    what was typed: it may be logged.
    """

    def __init__(self, message: str = "", field: str | None = None, *, fields: Mapping[str, str] | None = None) -> None:
        self.fields: dict[str, str] = dict(fields or {})
        if field is not None:
            self.fields[field] = message
        self.message = message or " ".join(self.fields.values())
        super().__init__(self.message)


class Denied(Refused):
    """Somebody may not do this; the message says who can. `act` and `project` are what the audit trail notes.

    `whom` are the ids in Slack of who can help; None stands for whoever may do the act there.
    """

    def __init__(
        self,
        message: str = "",
        field: str | None = None,
        *,
        act: str,
        project: int | None = None,
        whom: Sequence[str] | None = None,
    ) -> None:
        super().__init__(message, field)
        self.act = act
        self.project = project
        self.whom = whom


class NotHere(Denied):
    """There is nothing like that here, or nothing that this person may know of: both are said in the same words."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message, field, act="find", whom=())


class Undeliverable(Exception):
    """Slack will not take it, however often it is tried; `code` is Slack's own word for why."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}" if detail else code)
