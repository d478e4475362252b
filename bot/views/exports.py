"""Exports: the form that asks what and as which kind of file, and what the person reads while it is made."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.rules.exports import Form, Part
from bot.store.tables import Export, Message
from bot.views.blocks import View, context, modal, option, radio, section, select
from bot.views.text import plural

FORM: Final = "export.form"

PARTS: Final[Mapping[Part, str]] = {
    Part.ALL: "Everything",
    Part.PROJECTS: "Projects, with what is current",
    Part.RISKS: "Risks",
    Part.ESCALATIONS: "Escalations",
    Part.REPORTS: "Status reports, all that were ever made",
    Part.AUDIT: "The audit trail",
    Part.MINE: "What is kept about me",
}
FORMS: Final[Mapping[Form, str]] = {
    Form.CSV: "CSV files in a ZIP, for any spreadsheet",
    Form.XLSX: "An Excel workbook (XLSX)",
    Form.JSON: "JSON, for machines",
}
WHY: Final[Mapping[str, str]] = {
    "file_uploads_disabled": "this workspace does not take files. Ask a Slack admin to allow them for apps",
    "file_type_not_allowed": "this workspace does not take files of this kind. Choose another one",
    "storage_limit_reached": "this workspace has no room for files left. Ask a Slack admin",
    "plan_upgrade_required": "this workspace's plan does not take files. Ask a Slack admin",
    "missing_scope": "PMO Bot may not send files here yet. A Slack admin has to install it again, which asks for that",
    "not_allowed": "you may not have it any more. Ask a PMO admin",
    "too_large": "it has more rows than a sheet can hold. Ask for CSV",
}
"""Why a file does not come, and what to do about it, by the reason that is kept."""


def form(parts: Sequence[Part]) -> View:
    """What to take along, of what this person may."""
    return modal(
        "Export",
        FORM,
        [
            select("part", "What", [option(PARTS[part], part.value) for part in parts], parts[0].value),
            radio("form", "As", [option(said, each.value) for each, said in FORMS.items()], Form.CSV.value),
            context(
                "The file comes to you alone, in your conversation with me. Anything that a spreadsheet could take for "
                "a formula is made harmless. That you asked is noted in the audit trail."
            ),
        ],
        submit="Make the file",
    )


def asked(part: Part) -> str:
    """What somebody reads who just asked."""
    return f"{_what(part)}: the file is being made, and comes to your conversation with me."


def progress(export: Export) -> Message:
    """How far it is: being made, here, or why not."""
    what = _what(export.part)
    if export.sent_at is not None:
        said = f"{what}: {plural(export.rows or 0, 'row')}. The file is here, below or above this message."
    elif export.due_at is None:
        why = WHY.get(
            export.trouble or "", f"Slack did not take the file ({export.trouble}). Tell whoever runs PMO Bot"
        )
        said = f"{what}: there is no file, for {why}." if export.trouble in WHY else f"{what}: {why}."
    elif export.trouble:
        said = f"{what}: Slack does not take the file just now. I keep trying."
    else:
        said = f"{what}: the file is being made. It comes here."
    return Message(said, [section(said)])


def comment(export: Export, rows: int) -> str:
    """What stands beside the file in Slack."""
    return f"{_what(export.part)}, {plural(rows, 'row')}. Keep it where only those see it who may."


def _what(part: Part) -> str:
    return f"Your export ({PARTS[part][0].lower()}{PARTS[part][1:]})"
