"""All promises that can be checked today, in one list.

Owns promises 3, 4, 5, 6, 9 and 10 of DESIGN 8, which reach over several rooms; the books' own stand in
`ledger.verify`, those of orders in `rewards.fulfilment.verify`, that of mails in `outreach.verify`; rooms above
register theirs. It must not repair anything.
"""

from collections import Counter
from collections.abc import Iterator

import msgspec
from django.db import connection

from sayso.core.engine.rows import Item
from sayso.core.engine.states import COMMITTED
from sayso.core.ledger.chart import Kind
from sayso.core.ledger.units import is_currency
from sayso.core.program.review import read_published
from sayso.domains.decisions.traces import traces_of_erased
from sayso.domains.ledger.models import Balance
from sayso.domains.ledger.verify import verify_books
from sayso.domains.outreach.verify import CHECKS as MAIL_CHECKS
from sayso.domains.programs.queries import programs_in, published_versions
from sayso.domains.rewards.fulfilment.verify import verify_orders
from sayso.domains.rewards.models import Reward
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.promises import Broken, Check, checks_of_rooms_above, one_moment, run_checks

_items = msgspec.json.Decoder(list[Item]).decode

_MEMBER_KINDS = ", ".join(str(int(kind)) for kind in (Kind.AVAILABLE, Kind.HELD, Kind.DEBT, Kind.PROMISED))

_WITHOUT_MEMBER = """SELECT t.{name}, t.{member} FROM {table} t WHERE t.workspace_id = %(workspace)s AND {where}
    AND NOT EXISTS (SELECT 1 FROM people_member m WHERE m.id = t.{member} AND m.workspace_id = %(workspace)s)"""
_OF_OTHERS = (
    ("referrals_referral", "id", "advocate", "TRUE"),
    ("referrals_referral", "id", "friend", "TRUE"),
    ("rewards_reward", "id", "beneficiary", "TRUE"),
    ("people_identity", "member", "member", "t.kind <> 'account'"),
    ("sharing_code", "code", "member", "TRUE"),
    ("sharing_link", "slug", "member", "TRUE"),
    ("sharing_invitation", "id", "advocate", "TRUE"),
    ("ledger_lot", "member", "member", "TRUE"),
    ("referrals_participation", "member", "member", "TRUE"),
    ("ledger_balance", "owner", "owner", f"t.kind IN ({_MEMBER_KINDS})"),
    ("events_event", "position", "member", "t.member > 0"),
)

CHECKS = (
    Check(
        3,
        "reward",
        "{2} of {1} was granted {0} times for one cause",
        """SELECT MAX(id), COUNT(*), program, clause FROM rewards_reward WHERE workspace_id = %(workspace)s
        GROUP BY program, clause, cause, beneficiary HAVING COUNT(*) > 1""",
    ),
    Check(
        4,
        "event",
        "the log has {0} events up to place {1}, where {2} should be",
        """SELECT w.position, COUNT(e.position), COALESCE(MAX(e.position), 0), w.position
        FROM workspaces_workspace w
        LEFT JOIN events_event e ON e.workspace_id = w.id AND e.workspace_id = %(workspace)s
        WHERE w.id = %(workspace)s GROUP BY w.id, w.position
        HAVING COUNT(e.position) <> w.position OR COALESCE(MAX(e.position), 0) <> w.position""",
    ),
    Check(
        4,
        "transfer",
        "place {0} of the log, which caused it, holds no decided event",
        """SELECT t.id, t.cause FROM ledger_transfer t WHERE t.workspace_id = %(workspace)s AND NOT EXISTS (
            SELECT 1 FROM events_event e
            WHERE e.position = t.cause AND e.workspace_id = %(workspace)s AND e.state = 0
        ) ORDER BY t.id""",
    ),
    Check(
        6,
        "event",
        "{0} of its {1} were refunded",
        """SELECT r.position, r.amount_minor, e.amount_minor FROM events_refunded r
        LEFT JOIN events_event e ON e.position = r.position AND e.workspace_id = %(workspace)s
        WHERE r.workspace_id = %(workspace)s AND (e.amount_minor IS NULL OR r.amount_minor > e.amount_minor)
        ORDER BY r.position""",
    ),
    Check(
        9,
        "member",
        "has {0} advocates in {1}",
        """SELECT friend, COUNT(*), program FROM referrals_referral
        WHERE workspace_id = %(workspace)s AND status NOT IN ('expired', 'rejected')
        GROUP BY friend, program HAVING COUNT(*) > 1 ORDER BY friend""",
    ),
    *(
        Check(
            10,
            table.partition("_")[2],
            "its member {0} is not in this workspace",
            _WITHOUT_MEMBER.format(table=table, name=name, member=member, where=where),
        )
        for table, name, member, where in _OF_OTHERS
    ),
    *(
        Check(
            10,
            table.partition("_")[2],
            "it is left of a member who was erased, {0}",
            f"""SELECT t.{name}, m.id FROM {table} t JOIN people_member m
            ON m.id = t.{member} AND m.workspace_id = %(workspace)s
            WHERE t.workspace_id = %(workspace)s AND m.status = 'erased' AND {where}""",  # noqa: S608
        )
        for table, name, member, where in (
            ("people_identity", "value", "member", "t.kind <> 'account'"),
            ("sharing_code", "code", "member", "TRUE"),
            ("sharing_link", "slug", "member", "TRUE"),
            ("sharing_advocatename", "member", "member", "TRUE"),
            ("sharing_invitation", "id", "advocate", "TRUE"),
            ("sharing_invitation", "id", "friend", "TRUE"),
            (
                "events_event",
                "position",
                "member",
                "t.type <> 'timer' AND (CAST(t.props AS TEXT) <> '{}' OR t.ref <> '')",
            ),
        )
    ),
)


def verify(workspace: Workspace, *, kept_head: bytes = b"") -> list[Broken]:
    """Check every promise and return each row that breaks one; an empty list means that all hold.

    Args:
        workspace: whose promises; all are checked as of one moment, whatever is decided meanwhile.
        kept_head: a head that somebody kept; the chain must have had it. Empty where nobody did.
    """
    with one_moment():
        _compare_whole_tables()
        checks = (*CHECKS, *MAIL_CHECKS, *checks_of_rooms_above())
        broken = [*run_checks(checks, workspace.pk), *_verify_commitments(workspace)]
        broken += [
            *verify_books(workspace, kept_head=kept_head),
            *verify_orders(workspace),
            *traces_of_erased(workspace),
        ]
    return sorted(broken, key=lambda each: each.promise)


def _compare_whole_tables() -> None:
    """Keep PostgreSQL from comparing each row with each: tables that have just grown it takes for small ones."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_nestloop = off")


def _verify_commitments(workspace: Workspace) -> Iterator[Broken]:
    """What is held and promised to each member is what their open rewards cost; budgets hold the rest (promise 5)."""
    currencies = _currencies(workspace)
    owed: Counter[tuple[int, str]] = Counter()
    rewards = Reward.objects.filter(workspace=workspace, state__in=(*COMMITTED, "issued"))
    columns = ("program", "version", "beneficiary", "state", "cost_minor", "items")
    for program, version, member, state, cost, items in rewards.values_list(*columns).iterator(chunk_size=5000):
        currency = currencies[program, version]
        owed[member, currency] += cost if state in COMMITTED else _open_cost(items)
    for balance in Balance.objects.filter(workspace=workspace, kind__in=(Kind.HELD, Kind.PROMISED)).iterator():
        if is_currency(balance.unit):
            owed[balance.owner, balance.unit] -= balance.balance
    for (member, currency), difference in sorted(owed.items()):
        if difference:
            yield Broken(5, "member", str(member), f"open rewards cost {difference} {currency} more than is set aside")


def _open_cost(items: str) -> int:
    """What an issued reward still reserves: its coupons, until they are used or lapse."""
    return sum(item.cost for item in _items(items) if item.kind == "coupon")


def _currencies(workspace: Workspace) -> dict[tuple[str, int], str]:
    found = {}
    for program in programs_in(workspace):
        for version in published_versions(workspace, program.name):
            document = read_published(version.text).document
            if document is not None:
                found[program.name, version.number] = document.currency
    return found
