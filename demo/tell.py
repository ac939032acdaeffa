"""What the demonstration prints: what happened in the year, proven, and one decision explained.

Owns the layout. It must not add up what the domains' queries already add up, and it must say what is simulated.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from rich.console import Console
from rich.table import Table

from demo.play import LOYALTY, REFERRAL, ROOT, WORKSPACE, Played, say
from demo.prepare import ALWAYS_IN, Figures
from sayso.core.ledger.transfers import Purpose
from sayso.core.program.document import Document
from sayso.core.program.review import check_program
from sayso.domains.events.queries import events_by_type
from sayso.domains.ledger.queries import turnover
from sayso.domains.referrals.queries import badges_given, referrals_by_status, tiers_shown
from sayso.domains.rewards.queries import reward_counts
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.queries import workspace_named

Row = Sequence[str]
CENTS = 2
# Columns of words; all others but the first hold numbers.
WORDS = frozenset({"state"})


def tell(figures: Figures, played: Played, console: Console) -> None:
    """Print what happened in the year."""
    workspace = workspace_named(WORKSPACE)
    _tell_members(workspace, console)
    _tell_points(workspace, figures, console)
    _tell_referrals(workspace, console)
    _tell_time(workspace, played, console)
    _tell_sources(figures, console)


def prove(console: Console) -> None:
    """Verify every promise, and ask for one decision."""
    say(console, "verify", "--workspace", WORKSPACE)
    say(console, "why", str(ALWAYS_IN), "--clause", "badges.coupon_collector", "--workspace", WORKSPACE)


def _tell_members(workspace: Workspace, console: Console) -> None:
    tiers = Counter(tiers_shown(workspace, "grocer").values())
    levels = _tiers_of(_document(LOYALTY))
    rows = [(name, _whole(tiers[name]), f"{tiers[name] / max(tiers.total(), 1):.0%}") for name in levels]
    _print(console, "Members by tier", ("tier", "members", "share"), [*rows, ("all", _whole(tiers.total()), "")])
    badges = sorted(badges_given(workspace, "grocer").items())
    _print(console, "Badges", ("badge", "members"), [(name, _whole(count)) for name, count in badges])


def _tell_points(workspace: Workspace, figures: Figures, console: Console) -> None:
    value, moved = _document(LOYALTY).points, turnover(workspace)
    assert value is not None
    assert value.value is not None
    earned, spent, expired = (moved.get(("points", why), 0) for why in (Purpose.EARN, Purpose.SPEND, Purpose.EXPIRE))
    lines = [
        ("one for each whole dollar", figures.whole_dollars),
        ("once more, for gold", earned - figures.whole_dollars),
        ("earned", earned),
        ("spent (simulated)", spent),
        ("expired", expired),
        ("left in the wallets", earned - spent - expired),
    ]
    minor = value.value.minor
    rows = [(name, _whole(points), _money(points * minor)) for name, points in lines]
    _print(console, f"Points, each at a cost of {value.value}", ("points", "number", "cost in USD"), rows)


def _tell_referrals(workspace: Workspace, console: Console) -> None:
    program = _document(REFERRAL).program
    referrals = referrals_by_status(workspace, program)
    rows = [(status, _whole(count)) for status, count in referrals.items()]
    rows.append(("all", _whole(sum(referrals.values()))))
    _print(console, "Referrals (simulated)", ("status", "referrals"), rows)
    counts = reward_counts(workspace)
    granted = [(each.clause, each.state, _whole(each.count), _money(each.cost_minor)) for each in counts]
    _print(console, "Rewards of these referrals", ("clause", "state", "rewards", "cost in USD"), granted)


def _tell_time(workspace: Workspace, played: Played, console: Console) -> None:
    types = events_by_type(workspace)
    timers = types.pop("timer", 0)
    taken = sum(types.values())
    per_second = _whole(round((taken + timers) / played.seconds))
    rows = [
        ("events taken in", _whole(taken)),
        ("timers fired in between (expiries, reminders, holds, budgets)", _whole(timers)),
        ("seconds, on the wall", f"{played.seconds:.1f}"),
        ("seconds, on one processor", f"{played.cpu_seconds:.1f}"),
        ("events and timers per second", per_second),
    ]
    _print(console, "The work" + (", when it was done" if played.again else ""), ("", ""), rows)


def _tell_sources(figures: Figures, console: Console) -> None:
    console.print(
        f"\nReal: {figures.households:,} households, {figures.baskets:,} baskets ({figures.worth_nothing:,} worth "
        f"nothing), {figures.redemptions:,} coupons redeemed and the demographics of {figures.demographics:,} "
        "households, from the Complete Journey data set of 2017.\n"
        "[bold]Simulated[/bold], since the data set has neither: "
        f"{figures.spends:,} times that points were spent, and {figures.referrals:,} new households recommended by "
        f"{figures.advocates:,} earlier ones. Their events have ids that begin with sim-, and say so in their props."
    )


def _document(file: object) -> Document:
    document = check_program((ROOT / str(file)).read_text(encoding="utf-8")).document
    assert document is not None
    return document


def _tiers_of(document: Document) -> list[str]:
    return list(document.tiers.levels) if document.tiers else []


def _print(console: Console, title: str, head: Row, rows: Iterable[Row]) -> None:
    table = Table(box=None, padding=(0, 0, 0, 2), show_header=any(head))
    for at, name in enumerate(head):
        table.add_column(name, justify="right" if at and name not in WORDS else "left", header_style="dim")
    for row in rows:
        table.add_row(*row)
    console.print(f"\n[bold]{title}[/bold]")
    console.print(table)


def _whole(number: int) -> str:
    return f"{number:,}"


def _money(minor: int) -> str:
    return f"{Decimal(minor).scaleb(-CENTS):,.2f}"
