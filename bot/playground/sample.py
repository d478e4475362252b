"""The sample workspace: who works at Northwind, what they work on, and what happened in the last eight weeks."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

WEEKS: Final = 8
BOARD: Final = "#pmo-board"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody at Northwind."""

    handle: str
    name: str
    title: str
    zone: str
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a project is not green from a week on, and how it is to get there; `days` from then until it should."""

    week: int
    cause: str
    action: str
    owner: str
    days: int


@dataclass(frozen=True, slots=True)
class Story:
    """One project and its eight weeks.

    `ratings` has a letter a week: G, A or R as reported, `=` for *No change*, `-` for no answer. `late` is by how many
    days the forecast finish has moved since a week. `news` is what was achieved and `plans` what is next, in turn.
    """

    key: str
    name: str
    portfolio: str
    manager: str
    sponsor: str
    deputy: str | None
    ratings: str
    finish: timedelta
    budget: int
    troubles: tuple[Trouble, ...] = ()
    late: tuple[tuple[int, int], ...] = ()
    news: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """How a risk ended, in which week."""

    week: int
    outcome: str
    note: str


@dataclass(frozen=True, slots=True)
class Raised:
    """A risk as somebody typed it in a week, and what became of it."""

    week: int
    by: str
    line: str
    ended: Ended | None = None

    @property
    def project(self) -> str:
        """The key of its project."""
        return self.line.split()[0]

    @property
    def event(self) -> str:
        """What may happen, without the scores that follow."""
        return re.split(r" p[1-5]\b", self.line.removeprefix(self.project))[0].strip()


@dataclass(frozen=True, slots=True)
class Asked:
    """An escalation of a week, and what came of it."""

    week: int
    by: str
    project: str
    what: str
    ask: str
    if_nothing: str
    days: int
    decision: str = ""
    reason: str = ""
    acknowledged: bool = False


PEOPLE: Final = (
    Colleague("ana", "Ana Lopes", "Head of PMO", "Europe/London", is_admin=True),
    Colleague("ben", "Ben Carter", "Project manager", "America/New_York"),
    Colleague("chika", "Chika Mori", "Project manager", "Asia/Tokyo"),
    Colleague("dev", "Dev Patel", "Project manager", "Asia/Kolkata"),
    Colleague("eva", "Eva Lindqvist", "Project manager", "Europe/Stockholm"),
    Colleague("farah", "Farah Haddad", "Chief operating officer", "Europe/London"),
    Colleague("george", "George Owusu", "Chief financial officer", "America/New_York"),
    Colleague("hana", "Hana Weiss", "Business analyst", "Europe/Stockholm"),
)

STORIES: Final = (
    Story(
        "PAYROLL",
        "Payroll replacement",
        "Operations",
        "eva",
        "farah",
        "hana",
        "GGAAARRR",
        timedelta(days=70),
        1_000_000,
        (
            Trouble(2, "The vendor delivers the test system two weeks late", "Agree a fixed delivery date", "eva", 14),
            Trouble(5, "Parallel run shows 3% wrong payslips", "Add a second tester for the parallel run", "hana", 21),
        ),
        ((2, 7), (5, 29)),
        news=("Interfaces to banks tested.", "Two of four pay groups migrated."),
        plans=("Migrate the third pay group.", "Run both payrolls side by side."),
    ),
    Story(
        "CRM",
        "CRM renewal",
        "Customer",
        "ben",
        "george",
        None,
        "GGGG=GGA",
        timedelta(days=160),
        880_000,
        (Trouble(7, "Sales asks for three more reports than agreed", "Decide the change request", "george", 10),),
        ((7, 8),),
        news=("Lead import live for two regions.", "Sales team trained in Leeds."),
        plans=("Import the leads of two more regions.", "Train the sales team in York."),
    ),
    Story(
        "PORTAL",
        "Customer portal",
        "Customer",
        "ben",
        "george",
        "hana",
        "AAAGGGG=",
        timedelta(days=95),
        640_000,
        (Trouble(0, "Security review found two open points", "Close both points and ask for a new review", "ben", 18),),
        ((0, 5),),
        news=("Security review passed.", "First 400 customers invited."),
        plans=("Answer the last open point.", "Invite the next 400 customers."),
    ),
    Story(
        "STOREWIFI",
        "Store Wi-Fi",
        "Foundations",
        "dev",
        "farah",
        None,
        "GAARRRRR",
        timedelta(days=45),
        120_000,
        (
            Trouble(1, "Cabling is booked out in the north", "Ask two more contractors", "dev", 12),
            Trouble(3, "Cabling prices are up 31%", "Tender sites 4 to 9 again", "dev", 25),
        ),
        ((1, 4), (3, 16)),
        news=("Sites 1 to 3 are live.",),
        plans=("Cable sites 4 to 6.",),
    ),
    Story(
        "LOYALTY",
        "Loyalty app",
        "Customer",
        "chika",
        "george",
        None,
        "GGGGGGGG",
        timedelta(days=120),
        410_000,
        news=("Beta with 200 customers started.", "Crash rate under 0.2%."),
        plans=("Open the beta to 1,000 customers.", "Send the app to the stores for review."),
    ),
    Story(
        "WAREHOUSE",
        "Warehouse move",
        "Operations",
        "eva",
        "farah",
        None,
        "GGAAGGGG",
        timedelta(days=55),
        1_750_000,
        (Trouble(2, "The landlord has not signed the dates", "Farah calls the landlord", "farah", 9),),
        ((2, 6),),
        news=("Racking in hall B is up.", "Move weekend agreed with carriers."),
        plans=("Put up the racking in hall C.", "Rehearse the move with one carrier."),
    ),
    Story(
        "FLEET",
        "Fleet telematics",
        "Operations",
        "dev",
        "farah",
        None,
        "GGG=G-G-",
        timedelta(days=140),
        290_000,
        news=("60 vans fitted.",),
        plans=("Fit the next 20 vans.",),
    ),
    Story(
        "INVOICES",
        "Invoice scanning",
        "Operations",
        "hana",
        "george",
        None,
        "AAAAAAAA",
        timedelta(days=80),
        150_000,
        (Trouble(0, "A third of the suppliers still send paper", "Write to the 40 largest suppliers", "hana", 30),),
        ((0, 6),),
        news=("Recognition rate at 91%.",),
        plans=("Write to the suppliers again.",),
    ),
    Story(
        "DATAHUB",
        "Data hub",
        "Foundations",
        "chika",
        "george",
        None,
        "RRAAAAAG",
        timedelta(days=210),
        950_000,
        (
            Trouble(0, "Nobody owns the customer master data", "Name an owner in each region", "george", 15),
            Trouble(2, "Two regions are still without an owner", "Name the last two owners", "chika", 20),
        ),
        ((0, 12),),
        news=("Owners named in all regions.", "First nightly load without errors."),
        plans=("Load the second region every night.", "Agree on who cleans the product data."),
    ),
    Story(
        "IDENTITY",
        "Single sign-on",
        "Foundations",
        "dev",
        "farah",
        None,
        "GGGGGAGG",
        timedelta(days=65),
        230_000,
        (Trouble(5, "The payroll interface needs another protocol", "Test the gateway of the vendor", "dev", 7),),
        news=("31 of 44 applications connected.",),
        plans=("Connect five more applications.",),
    ),
    Story(
        "ARCHIVE",
        "Archive migration",
        "Foundations",
        "chika",
        "farah",
        None,
        "G====G==",
        timedelta(days=180),
        90_000,
        news=("Documents up to 2019 moved.",),
        plans=("Move the documents of 2020.",),
    ),
    Story(
        "OFFICE",
        "Leeds office network",
        "Foundations",
        "ben",
        "farah",
        None,
        "GGGG--GG",
        timedelta(days=30),
        75_000,
        news=("Floor 2 is switched over.",),
        plans=("Switch over floor 3.",),
    ),
)

RISKS: Final = (
    Raised(
        0,
        "eva",
        "PAYROLL Vendor may not deliver the tax update in time p3 i5 due +30d @eva",
        Ended(4, "avoided", "The update came a week early and passed our tests"),
    ),
    Raised(
        0,
        "dev",
        "STOREWIFI Permits for the masts may take until spring p2 i4 due +2w @dev",
        Ended(1, "avoided", "The council gave us all of them on Tuesday"),
    ),
    Raised(1, "dev", "STOREWIFI Contractor may go out of business p3 i4 due +6w @dev"),
    Raised(1, "chika", "DATAHUB Nobody may want to own the product data p4 i3"),
    Raised(
        2,
        "eva",
        "WAREHOUSE Lease may start a month late p3 i4 due +3w @farah",
        Ended(5, "realised", "It starts on the first of the month after; the move is planned anew"),
    ),
    Raised(3, "ben", "CRM Key developer may leave before go-live p2 i5 due +8w @ben"),
    Raised(4, "hana", "INVOICES Paper suppliers may refuse to change p4 i2"),
    Raised(5, "eva", "PAYROLL Wrong payslips may reach employees p4 i5 due +2w @hana"),
    Raised(6, "chika", "LOYALTY App store review may take longer than planned p2 i3 due +4w @chika"),
    Raised(6, "dev", "STOREWIFI Budget may run out before site 7 p4 i4"),
    Raised(7, "ben", "CRM Change request may cost the spring release p3 i4 due +10d @ben"),
)

ESCALATIONS: Final = (
    Asked(
        0,
        "chika",
        "DATAHUB",
        "No owner for customer data",
        "Name one owner a region",
        "Every report stays disputed",
        12,
        "Regional directors own their data",
        "They answer for its quality anyway",
    ),
    Asked(
        3,
        "dev",
        "STOREWIFI",
        "Cabling is 31% over budget",
        "Accept 20k more, or cut sites 7 to 9",
        "Sites 4 to 9 stay offline, about 2k of sales a week",
        14,
        acknowledged=True,
    ),
    Asked(
        7,
        "eva",
        "PAYROLL",
        "The parallel run needs a second tester",
        "Approve 41k for a tester until March",
        "Go-live moves by 21 working days, 9k a week",
        6,
    ),
)
