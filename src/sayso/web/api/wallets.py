"""Wallets: what members have, how it came about, and spending it.

Owns how books are written for a member. What moves is the ledger's.
"""

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from sayso.domains.ledger.queries import Line, Wallet, statement_page, wallets_of
from sayso.domains.ledger.spend import Spending, spend_points
from sayso.domains.people.queries import member_called, merged_numbers
from sayso.domains.workspaces.ids import public_id
from sayso.web.api.access import caller_of
from sayso.web.api.members import MemberPath
from sayso.web.api.pages import CURSOR, Cursor, Listing
from sayso.web.api.routes import Routes
from sayso.web.api.shapes import In, Name, Out, PublicId, Told, Whole, told_id

routes = Routes("Wallets")


class WalletOut(Out):
    """What a member has of one unit, in minor units or points."""

    unit: str = Field(description="A currency, or the name of points.", examples=["stars"])
    available: int
    held: int = Field(description="Earned, and not theirs to spend yet.")
    owed: int = Field(description="What could not be taken back; later earnings repay it first.")


class WalletsOut(Out):
    """Every wallet of a member."""

    items: list[WalletOut]


class LineOut(Out):
    """One movement on one ledger account of a member."""

    at: Told | None
    account: str = Field(description="available, held, debt or promised")
    unit: str
    amount: int = Field(description="What it changed by, negative where it fell.")
    balance: int = Field(description="What stood there afterwards.")
    reason: str = Field(examples=["earn"])
    event: str | None = Field(description="The event that decided it.")
    about: str | None = Field(description="The event that earned it.")


class StatementOut(Out):
    """A page of a statement, oldest first."""

    items: list[LineOut]
    next: Cursor


class SpendingIn(In):
    """How many points are spent."""

    points: Whole = Field(examples=[500])
    unit: Name | None = Field(
        None,
        description="Which points, or the currency of credit; may be left out where you have only one kind of points.",
    )


@routes.get("/members/{member}/wallets", gives=WalletsOut, fails=(404,))
def get_wallets(request: HttpRequest, member: MemberPath) -> WalletsOut:
    """Show what a member has."""
    caller = caller_of(request)
    numbers = merged_numbers(caller.workspace, member_called(caller.workspace, member).id)
    return _out(wallets_of(caller.workspace, numbers))


@routes.get("/members/{member}/statement", gives=StatementOut, fails=(404,))
def get_statement(request: HttpRequest, member: MemberPath, wanted: Query[Listing]) -> StatementOut:
    """Show how it came about: every movement, oldest first.

    A movement between two accounts of the member makes two lines, so a page may have more lines than its limit.
    """
    caller = caller_of(request)
    numbers = merged_numbers(caller.workspace, member_called(caller.workspace, member).id)
    lines, last = statement_page(caller.workspace, numbers, wanted.page())
    return StatementOut(items=[_line(line) for line in lines], next=public_id(CURSOR, last) if last else None)


@routes.post("/members/{member}/spendings", gives=WalletsOut, scope="rewards", fails=(404,))
def post_spending(request: HttpRequest, member: MemberPath, body: SpendingIn) -> WalletsOut:
    """Spend points of a member; those that expire first go first.

    Stores an event `points_spent`. Where the wallet does not hold so many, or has no such points, nothing is spent and
    the answer says so; that it was asked stands in the log.
    """
    caller = caller_of(request)
    wallets = spend_points(
        workspace=caller.workspace,
        member=member,
        spending=Spending(body.points, body.unit or ""),
        actor=caller.actor(),
        now=caller.now,
    )
    return _out(wallets)


def _out(wallets: list[Wallet]) -> WalletsOut:
    return WalletsOut(
        items=[WalletOut(unit=each.unit, available=each.available, held=each.held, owed=each.owed) for each in wallets]
    )


def _line(line: Line) -> LineOut:
    return LineOut(
        at=line.at,
        account=line.account,
        unit=line.unit,
        amount=line.amount,
        balance=line.balance,
        reason=line.reason,
        event=told_id(PublicId.event, line.cause),
        about=told_id(PublicId.event, line.about),
    )
