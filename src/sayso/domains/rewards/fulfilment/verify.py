"""What must hold of orders and codes (promises 7 and 10 of DESIGN 8), as queries that find what breaks it.

It must not repair anything.
"""

from collections.abc import Iterator

from sayso.domains.jobs.models import Notice
from sayso.domains.rewards.fulfilment.place import PAGE, provider_for, providers_in, to_hand_over
from sayso.domains.rewards.models import Order, Reward
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.promises import Broken, Check, run_checks

_PROMISE = 7

CHECKS = (
    Check(
        _PROMISE,
        "order",
        "it was delivered and told, and its reward is {0}",
        """SELECT o.reward, COALESCE(r.state, 'missing') FROM rewards_order o
        LEFT JOIN rewards_reward r ON r.id = o.reward AND r.workspace_id = %(workspace)s
        WHERE o.workspace_id = %(workspace)s AND o.state = 'delivered' AND o.entered
        AND COALESCE(r.state, '') NOT IN ('issued', 'redeemed', 'expired', 'reversed', 'denied') ORDER BY o.reward""",
    ),
    Check(
        _PROMISE,
        "order",
        "it was delivered, its reward is {0}, and nothing is planned that says so",
        """SELECT o.reward, r.state FROM rewards_order o
        JOIN rewards_reward r ON r.id = o.reward AND r.workspace_id = %(workspace)s
        WHERE o.workspace_id = %(workspace)s AND o.state = 'delivered' AND NOT o.entered AND o.next_at = 0
        AND r.state IN ('approved', 'reversed', 'denied')
        AND NOT EXISTS (SELECT 1 FROM rewards_order s WHERE s.reward = o.reward AND s.workspace_id = %(workspace)s
            AND (s.state IN ('pending', 'asking', 'unknown')
                OR (r.state = 'approved' AND s.state IN ('failed', 'refused', 'cancelled'))))
        AND NOT EXISTS (SELECT 1 FROM jobs_notice n WHERE n.about = o.reward AND n.workspace_id = %(workspace)s)
        ORDER BY o.reward""",
    ),
    Check(
        _PROMISE,
        "order",
        "its code was given {0} times",
        """SELECT MAX(reward), COUNT(*) FROM rewards_order
        WHERE workspace_id = %(workspace)s AND code <> '' AND way IN ('pool', 'generated')
        GROUP BY code HAVING COUNT(*) > 1""",
    ),
    Check(
        _PROMISE,
        "order",
        "it gave a code that is not noted as given for it",
        """SELECT o.reward FROM rewards_order o WHERE o.workspace_id = %(workspace)s AND o.state = 'delivered'
        AND o.code <> '' AND o.way IN ('pool', 'generated') AND NOT EXISTS (
            SELECT 1 FROM rewards_poolcode p WHERE p.code = o.code AND p.workspace_id = %(workspace)s
            AND p.reward = o.reward AND p.item = o.item
        ) ORDER BY o.reward""",
    ),
    Check(
        _PROMISE,
        "code",
        "it is noted as given for a reward whose order does not say so",
        """SELECT p.place, p.reward FROM rewards_poolcode p WHERE p.workspace_id = %(workspace)s AND p.reward > 0
        AND NOT EXISTS (
            SELECT 1 FROM rewards_order o WHERE o.reward = p.reward AND o.item = p.item AND o.code = p.code
            AND o.workspace_id = %(workspace)s
        ) ORDER BY p.place""",
    ),
    Check(
        10,
        "order",
        "it still says something about a member who was erased, {0}",
        """SELECT o.reward, m.id FROM rewards_order o
        JOIN rewards_reward r ON r.id = o.reward AND r.workspace_id = %(workspace)s
        JOIN people_member m ON m.id = r.beneficiary AND m.workspace_id = %(workspace)s AND m.status = 'erased'
        WHERE o.workspace_id = %(workspace)s AND (o.reference <> '' OR o.proof <> '' OR o.reason <> '')
        ORDER BY o.reward""",
    ),
)


def verify_orders(workspace: Workspace) -> Iterator[Broken]:
    """Yield what breaks promise 7 or 10: orders and codes that do not fit, and approved rewards without an order."""
    yield from run_checks(CHECKS, workspace.pk)
    yield from _without_order(workspace)


def _without_order(workspace: Workspace) -> Iterator[Broken]:
    """Approved rewards whose provider was never asked; what was approved just now is still waiting to be told."""
    providers, last = providers_in(workspace), 0
    approved = Reward.objects.filter(workspace=workspace, state="approved", options="[]").order_by("id")
    while providers and (page := list(approved.filter(id__gt=last)[:PAGE])):
        last = page[-1].id
        wanting = {
            reward.id
            for reward in page
            if any(provider_for(providers, item.kind, reward) for _, item in to_hand_over(reward))
        }
        wanting -= set(Order.objects.filter(workspace=workspace, reward__in=wanting).values_list("reward", flat=True))
        wanting -= set(Notice.objects.filter(workspace=workspace, about__in=wanting).values_list("about", flat=True))
        for number in sorted(wanting):
            yield Broken(_PROMISE, "reward", str(number), "it is approved, has a provider, and no order")
