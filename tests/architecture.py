"""The house rules of docs/decisions as tables, and the readers that find a breach of them in source code.

To change a rule on purpose, change its table here, all the code, and its decision record, in one commit.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent

# Who may import whom: a layer, and what it sees beside itself. A name stands for all that is under it.
MAY_SEE: Mapping[str, tuple[str, ...]] = {
    "errors": (),
    "rules": ("errors",),
    "store": ("errors", "rules"),
    "store.tables": ("errors", "rules"),
    "views": ("rules", "store.tables"),
    "messenger": ("errors", "rules.addresses", "views.blocks"),
    "handlers": ("errors", "rules", "store", "views"),
    "schedules": ("errors", "rules", "store", "views", "messenger"),
    "settings": ("errors", "vault"),
    "vault": ("errors",),
    "manifest": (),
    "logs": (),
    "web": ("errors", "settings", "logs"),
    "installations": ("errors", "store", "views", "messenger", "rules", "vault", "manifest"),
    "app": (
        *("errors", "rules", "store", "views", "messenger", "handlers", "schedules", "settings", "logs", "web"),
        *("installations", "vault", "manifest"),
    ),
    "playground": ("app", "settings", "manifest", "vault"),
    "cli": (
        *("errors", "rules", "store", "schedules", "settings", "logs", "app", "playground", "cli_import", "cli_export"),
        *("cli_doctor", "installations", "vault", "manifest"),
    ),
    "cli_doctor": ("errors", "store", "messenger", "manifest", "app"),
    "cli_import": ("errors", "rules", "store"),
    "cli_export": ("errors", "rules", "store", "schedules"),
    "__main__": ("cli",),
}

# Where a library is at home. The longest name that fits counts; a library that is not here is at home everywhere.
HOMES: Mapping[str, tuple[str, ...]] = {
    "alembic": ("store",),
    "cryptography": ("vault",),
    "apscheduler": ("schedules", "app"),
    "dateutil": ("rules",),
    "holidays": ("rules.calendars",),
    "jinja2": ("playground",),
    "openpyxl": ("rules.registers.xlsx", "rules.workbooks"),
    "psycopg": ("store",),
    "pydantic_settings": ("settings",),
    "slack_bolt": ("handlers", "app", "installations", "web"),
    "slack_sdk": ("messenger", "handlers"),
    "slack_sdk.models": ("views",),
    "slack_sdk.oauth": ("installations", "web"),
    "slack_sdk.signature": ("web",),
    "slackblocks": ("views",),
    "sqlalchemy": ("store",),
    "sqlite3": ("store",),
    "sqlmodel": ("store",),
    "starlette": ("web", "playground"),
    "typer": ("cli",),
}

# Names that only some layers may use, and why.
RESERVED: Mapping[str, tuple[tuple[str, ...], str]] = {
    **dict.fromkeys(
        [
            "datetime.date.today",
            "datetime.datetime.now",
            "datetime.datetime.today",
            "datetime.datetime.utcnow",
            "sqlalchemy.func.current_timestamp",
            "sqlalchemy.func.now",
            "sqlmodel.func.now",
            "time.gmtime",
            "time.localtime",
            "time.time",
            "time.time_ns",
        ],
        (("app", "playground.clock"), "the clock is a value passed in; the real one is made in bot/app.py"),
    ),
    **dict.fromkeys(
        ["os.environ", "os.environb", "os.getenv", "os.putenv"],
        (("settings",), "the environment is read in bot/settings.py"),
    ),
    "builtins.print": ((), "the command line speaks through typer.echo, the rest through the log"),
}

# The only places that may catch everything.
CATCH_ALL = ("handlers.errors", "schedules.__init__")
# Who may open a transaction, beside the module that makes them.
TRANSACTIONS = ("handlers", "schedules", "cli", "cli_import", "cli_export", "installations", "app", "store.database")
# Where a handler opens a session for no actor, so that nothing is hidden from it: the function, and why it may.
EYELESS: Mapping[str, str] = {
    "handlers.__init__._introduced": "keeps what Slack says of whoever acts, before there is an actor",
    "handlers.calls._answer": "leaves what the person was told already to delivery",
    "handlers.channels.archived": "Slack tells of a channel",
    "handlers.channels.restored": "Slack tells of a channel",
    "handlers.channels.renamed": "Slack tells of a channel",
    "handlers.channels.moved": "Slack tells of a channel",
    "handlers.channels.shared": "Slack tells of a channel",
    "handlers.channels.unshared": "Slack tells of a channel",
    "handlers.channels.left": "Slack tells of a channel",
    "handlers.channels.joined": "Slack tells of a channel",
    "handlers.errors._was_saved": "asks only whether a key was taken",
    "handlers.installations._remove": "Slack tells that the bot was removed",
    "handlers.installations.teams_revoked": "Slack tells that the bot was removed from teams of an org",
    "handlers.installations.teams_granted": "Slack tells that the bot was let into teams of an org",
    "handlers.introductions._know": "reads and keeps people, of which none is hidden",
    "handlers.people.changed": "Slack tells of a person",
    "handlers.places.look": "keeps what Slack says of a channel",
}
# Posts that tell of no project, or of many through the eyes of who reads them; all others say whose they are.
ABOUT_NOBODY: Mapping[str, str] = {
    "handlers.calls._answer": "what the person was to be told anyway",
    "handlers.channels._settle": "of a channel",
    "handlers.channels.joined": "of a channel",
    "handlers.channels.shared": "of a channel",
    "handlers.exports._keep": "of a file, to who asked for it",
    "handlers.forgetting._hand_over": "of what is somebody's own now",
    "handlers.installations._tell": "of the installation",
    "handlers.registers": "of a register, to who dropped it",
    "handlers.roles.appoint": "of a role",
    "handlers.setup.welcome": "of the bot",
    "installations.notices.tell_lacking": "of the installation",
    "schedules.channels._look": "of a channel",
    "schedules.digests": "of all that everybody who reads it may see",
    "schedules.exports._tell": "of a file, to who asked for it",
    "schedules.registers": "of a register, to who dropped it",
    "schedules.undelivered._tell_of_missed": "of messages, to the leads of the PMO",
}
# What a session does: outside the store nobody does it, and in the store only its database ends a transaction.
ASKS = frozenset(
    {"add", "add_all", "delete", "exec", "execute", "flush", "get", "merge", "refresh", "scalar", "scalars"}
)
ENDS = frozenset({"begin", "close", "commit", "rollback"})
# Speech that waits until the transaction is over.
SPEECH = frozenset({"ack", "client", "messenger", "nudge", "respond", "say"})
SQL = re.compile(
    r"\s*(SELECT\s.+\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|CREATE\s+TABLE\s)", re.DOTALL
)
# Names that say nothing.
EMPTY_WORDS = frozenset({"data", "helper", "helpers", "info", "manager", "service", "util", "utils"})
# Names of the field that are such a word and nothing else: what a PMO offers is a service.
OF_THE_FIELD = frozenset({"Service"})


@dataclass(frozen=True)
class Module:
    """One file of bot/: its name without the leading "bot.", and its source."""

    name: str
    source: str
    known: frozenset[str] = frozenset()
    tree: ast.Module = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tree", ast.parse(self.source))

    @property
    def path(self) -> str:
        return f"bot/{self.name.replace('.', '/')}.py"

    @property
    def package(self) -> str:
        """The name that others import it by."""
        return self.name.removesuffix("__init__").removesuffix(".")

    def within(self, homes: Iterable[str]) -> bool:
        return any(is_under(self.name, home) for home in homes)

    def breach(self, node: ast.AST, rule: str) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {rule}"

    def imports(self) -> Iterator[tuple[ast.stmt, str]]:
        """Every import, as the full name of the module imported where it is known, else of the thing."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    yield node, f"{'.' * node.level}{node.module or ''}.{alias.name}"

    def sees(self) -> Iterator[tuple[ast.stmt, str]]:
        """Every import of our own, as the name of a module of bot/ without the leading "bot."."""
        for node, name in self.imports():
            if is_under(name, "bot"):
                ours = name.removeprefix("bot").removeprefix(".")
                while ours and ours not in self.known:
                    ours = ours.rpartition(".")[0]
                yield node, ours


def modules(root: Path = ROOT) -> list[Module]:
    """Every module of bot/ but the migrations' own scripts."""
    sources = {
        ".".join(path.relative_to(root / "bot").with_suffix("").parts): path.read_text(encoding="utf-8")
        for path in sorted((root / "bot").rglob("*.py"))
        if "versions" not in path.parts
    }
    return together(sources)


def together(sources: Mapping[str, str]) -> list[Module]:
    """Modules that know of each other, from their names and sources."""
    known = frozenset(name.removesuffix("__init__").removesuffix(".") for name in sources)
    folders = {name.rpartition(".")[0] for name in known}
    return [Module(name, source, known | folders) for name, source in sources.items()]


def is_under(name: str, home: str) -> bool:
    """Whether a dotted name is another, or inside it."""
    return name == home or name.startswith(f"{home}.")


def longest(name: str, table: Iterable[str]) -> str | None:
    """The closest entry of a table of dotted names for a name."""
    return max((entry for entry in table if is_under(name, entry)), key=len, default=None)


def unseen(module: Module) -> Iterator[str]:
    """An import of ours that the layer may not see; siblings never, upward never."""
    layer = longest(module.package, MAY_SEE) or ""
    allowed = (layer, *MAY_SEE.get(layer, ()))
    for node, name in module.imports():
        if name.startswith("."):
            yield module.breach(node, f"{name} is relative; imports start with bot")
    for node, seen in module.sees():
        if not (seen == "" or any(is_under(seen, home) for home in allowed)):
            yield module.breach(node, f"{layer or 'bot'} may not import bot.{seen}")


def circles(found: Iterable[Module]) -> Iterator[str]:
    """Modules that need each other; every ring is named once."""
    graph = {module.package: sorted({seen for _, seen in module.sees()} - {module.package, ""}) for module in found}
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> Iterator[str]:
        if name in trail:
            yield "a circle of imports: " + " -> ".join((*trail[trail.index(name) :], name))
        elif name not in done:
            for seen in graph.get(name, ()):
                yield from walk(seen, (*trail, name))
            done.add(name)

    for name in graph:
        yield from walk(name, ())


def homeless(module: Module) -> Iterator[str]:
    """A library used away from its home."""
    for node, name in module.imports():
        library = longest(name, HOMES)
        if library and not module.within(HOMES[library]):
            yield module.breach(node, f"{library} is at home in {', '.join(HOMES[library])}")


def reserved(module: Module) -> Iterator[str]:
    """A name used that is kept for another place: the clock, the environment, print."""
    meaning = {"print": "builtins.print"} | dict(spellings(module.tree))
    for node in ast.walk(module.tree):
        name = dotted(node)
        first, _, rest = name.partition(".")
        if first not in meaning:
            continue
        full = f"{meaning[first]}.{rest}".removesuffix(".")
        homes, why = RESERVED.get(full, ((), ""))
        if why and not module.within(homes):
            yield module.breach(node, f"{full}: {why}")


def spellings(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What each imported name stands for: `dt` for `datetime.datetime`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                yield (alias.asname, alias.name) if alias.asname else (first, first)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def dotted(node: ast.AST) -> str:
    """The dotted name that an expression spells, or nothing."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (owner := dotted(node.value)):
        return f"{owner}.{node.attr}"
    return ""


def catches_all(module: Module) -> Iterator[str]:
    """An error swallowed by somebody who cannot know it."""
    if module.name in CATCH_ALL:
        return
    for node in ast.walk(module.tree):
        caught: list[ast.expr | None] = []
        if isinstance(node, ast.ExceptHandler):
            caught = list(node.type.elts) if isinstance(node.type, ast.Tuple) else [node.type]
        elif isinstance(node, ast.Call) and dotted(node.func) in {"suppress", "contextlib.suppress"}:
            caught = list(node.args)
        if any(kind is None or dotted(kind) in {"Exception", "BaseException"} for kind in caught):
            yield module.breach(node, f"everything is caught in {' and '.join(CATCH_ALL)} only")


def asks_the_store(module: Module) -> Iterator[str]:
    """A query outside the store, or a transaction ended by a store function."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value):
            if not module.within(["store"]):
                yield module.breach(node, "SQL stands in bot/store")
        elif isinstance(node, ast.Call) and dotted(node.func).startswith("session."):
            verb = dotted(node.func).removeprefix("session.")
            if verb in ASKS and not module.within(["store"]):
                yield module.breach(node, f"session.{verb}() stands in bot/store")
            if verb in ENDS and not module.within(["store.database"]):
                yield module.breach(node, f"session.{verb}() belongs to bot/store/database.py")


def opens_a_transaction(module: Module) -> Iterator[str]:
    """A transaction opened where it should be passed in, or speech inside one."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.With):
            continue
        opened = [item for item in node.items if is_transaction(item.context_expr)]
        if opened and not module.within(TRANSACTIONS):
            yield module.breach(node, f"transactions are opened in {', '.join(TRANSACTIONS)}")
        for inner in (part for line in node.body for part in ast.walk(line)) if opened else ():
            if isinstance(inner, ast.Call) and dotted(inner.func).partition(".")[0] in SPEECH:
                yield module.breach(inner, f"{dotted(inner.func)}() inside a transaction: decide in it, speak after it")


def is_transaction(expression: ast.expr) -> bool:
    """Whether an expression is `db.transaction(...)` or `db.across_workspaces()`."""
    return (
        isinstance(expression, ast.Call)
        and isinstance(expression.func, ast.Attribute)
        and expression.func.attr in {"transaction", "across_workspaces"}
    )


def eyeless(module: Module) -> Iterator[str]:
    """A session of a handler that is not opened for whoever acts: it would show what is hidden from them."""
    if not module.within(["handlers"]):
        return
    for function in ast.walk(module.tree):
        if not isinstance(function, ast.FunctionDef) or f"{module.name}.{function.name}" in EYELESS:
            continue
        for call in ast.walk(function):
            opens = isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in OPENS
            if isinstance(call, ast.Call) and opens and not (call.args and is_actor(call.args[0])):
                yield module.breach(call, f"{function.name} opens a session for nobody: open it for the actor")


def about_nobody(module: Module) -> Iterator[str]:
    """A post that does not say of which project it tells: nobody would keep it from who may not see that one."""
    for function in ast.walk(module.tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        if {module.name, f"{module.name}.{function.name}"} & ABOUT_NOBODY.keys():
            continue
        for call in ast.walk(function):
            puts = isinstance(call, ast.Call) and dotted(call.func).endswith("posts.put")
            if isinstance(call, ast.Call) and puts and "about" not in {keyword.arg for keyword in call.keywords}:
                yield module.breach(call, f"{function.name} puts a post: say what it is about")


OPENS = frozenset({"reading", "transaction", "across_workspaces", "reading_across", "one_moment"})


def is_actor(expression: ast.expr) -> bool:
    """Whether an expression is somebody who acts, wherever one is known: `actor`, `call.actor or call.workspace`."""
    if isinstance(expression, ast.BoolOp):
        return is_actor(expression.values[0])
    return dotted(expression).rpartition(".")[2] in {"actor", "who"}


def unsaid(module: Module) -> Iterator[str]:
    """A module, class or function that others may use and that does not say what it is."""
    if not ast.get_docstring(module.tree):
        yield module.breach(module.tree, "a module says in one line what it is")

    def look(parent: ast.Module | ast.ClassDef) -> Iterator[str]:
        for node in parent.body:
            if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
                continue
            if not ast.get_docstring(node) and not is_variant(node):
                yield module.breach(node, f"{node.name} says what it is")
            if isinstance(node, ast.ClassDef):
                yield from look(node)

    yield from look(module.tree)


def is_variant(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the docstring is elsewhere: an overload, an override, a property's setter."""
    marks = {dotted(mark).rpartition(".")[2] for mark in node.decorator_list}
    return bool(marks & {"overload", "override", "setter", "deleter"})


def empty_named(module: Module) -> Iterator[str]:
    """A module or class whose name says nothing."""
    classes = [node.name for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)]
    for name in (module.package.rpartition(".")[2], *classes):
        last = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().rpartition("_")[2]
        if last in EMPTY_WORDS and name not in OF_THE_FIELD:
            yield module.breach(module.tree, f"{name}: call it what it is, {last} says nothing")
