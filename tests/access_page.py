"""The page docs/access.md, printed from the matrix itself: `python -m tests.access_page` writes it anew."""

from collections.abc import Iterator
from pathlib import Path

from bot.rules.access import Act, Scope, holding
from bot.rules.roles import in_words
from bot.rules.terms import Role

PAGE = Path(__file__).parent.parent / "docs" / "access.md"
LETTERS = {Scope.WORKSPACE: "W", Scope.PORTFOLIO: "P", Scope.PROJECT: "o"}
GROUPS = {
    "The office": (Role.ADMIN, Role.PMO, Role.ANALYST, Role.SUPPORT),
    "Who reads": (Role.EXECUTIVE, Role.AUDITOR, Role.FINANCE, Role.RESOURCE_OWNER, Role.COLLEAGUE),
    "A part in a project": (Role.MANAGER, Role.DEPUTY, Role.SPONSOR, Role.MEMBER),
}
OPENING = """# Who may do what
This page is printed from the one table that decides it, `bot/rules/access.py`, by `python -m tests.access_page`; a test
holds it true. What is not in it, nobody may.

- **W**: with the role in the whole workspace, everywhere in it.
- **P**: with the role in one portfolio, in that portfolio and its projects.
- **o**: with the part in one project, in that project.

Every full member of the workspace is a colleague. Guests, apps and people of other organisations (Slack Connect) hold
no role, whatever they were given: they see nothing. Until an admin is named, who installed the bot, those in
`PMO_ADMINS`, and Slack's own admins and owners are PMO admins.

A confidential project is there only for who may `see_confidential` in it; for all others it is as if it were not.
Beyond the table: whoever raises an escalation does not decide it; nobody gives themself a role (but the first admin,
until one is named) or makes themself a sponsor; whoever raised a risk edits it, and an escalation withdraws it; the PMO
does not decide for a sponsor; the last admin stays.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([OPENING, *(line for title, roles in GROUPS.items() for line in _table(title, roles))])


def _table(title: str, roles: tuple[Role, ...]) -> Iterator[str]:
    yield f"## {title}"
    yield f"| may | {' | '.join(_called(role) for role in roles)} |"
    yield f"|---|{':-:|' * len(roles)}"
    for act in Act:
        cells = [_cell(act, role) for role in roles]
        if any(cells):
            yield f"| `{act}` | {' | '.join(cells)} |"
    yield ""


def _called(role: Role) -> str:
    return in_words(role).removeprefix("an ").removeprefix("a ")


def _cell(act: Act, role: Role) -> str:
    return " ".join(letter for scope, letter in LETTERS.items() if role in holding(act, scope))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
