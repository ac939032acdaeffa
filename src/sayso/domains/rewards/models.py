"""Tables of this app: rewards, who hands over what, pools of codes, and the orders by which things are handed over.

Only numbers of members stand here: names are put to them when something is sent. A reward's own row is written by the
deciding batch alone.
"""

import msgspec
from django.db import models
from django.db.models import Q

from sayso.core.engine.rows import Item
from sayso.core.engine.states import ENDED, REWARD_STATES
from sayso.domains.jobs.lease import Leased
from sayso.domains.workspaces.models import in_workspace
from sayso.domains.workspaces.moments import MomentField

_items = msgspec.json.Decoder(list[Item]).decode


class Reward(models.Model):
    """Something granted; the fields mean what they mean in `core.engine.rows.Reward`."""

    pk = models.CompositePrimaryKey("id", "workspace")
    id = models.BigIntegerField()
    workspace = in_workspace()
    program = models.TextField()
    version = models.IntegerField()
    clause = models.TextField()
    cause = models.BigIntegerField()
    beneficiary = models.BigIntegerField()
    referral = models.BigIntegerField(default=0)
    trigger = models.BigIntegerField(default=0)
    state = models.TextField()
    items = models.TextField(default="[]")
    options = models.TextField(default="[]")
    cost_minor = models.BigIntegerField(default=0)
    base_minor = models.BigIntegerField(default=0)
    granted_at = MomentField()
    due_at = MomentField()
    timer = models.BigIntegerField(default=0)
    taken_back = models.BigIntegerField(default=0)
    by = models.TextField(default="")
    limit_owner = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            # Leads with the beneficiary, so that it also finds a member's rewards.
            models.UniqueConstraint(
                fields=["beneficiary", "cause", "clause", "program", "workspace"], name="reward_once_per_cause"
            ),
            models.CheckConstraint(condition=Q(state__in=REWARD_STATES), name="reward_state_known"),
            models.CheckConstraint(
                condition=Q(cost_minor__gte=0, base_minor__gte=0, taken_back__gte=0), name="reward_amounts_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["trigger", "workspace"], name="reward_of_trigger"),
            models.Index(fields=["referral", "workspace"], name="reward_of_referral", condition=Q(referral__gt=0)),
            models.Index(
                fields=["program", "workspace", "granted_at"], name="reward_waiting", condition=Q(state="waiting")
            ),
            models.Index(fields=["workspace", "id"], name="reward_approved", condition=Q(state="approved")),
            models.Index(fields=["workspace", "id"], name="reward_in_review", condition=Q(state="in_review")),
            # Rare among many: a list of them would walk all rewards. Those that are issued cost nothing here.
            models.Index(fields=["workspace", "state", "id"], name="reward_ended", condition=Q(state__in=ENDED)),
        ]

    def __str__(self) -> str:
        return f"{self.clause} for {self.beneficiary}"

    @property
    def given(self) -> list[Item]:
        """What is given for certain."""
        return _items(self.items)

    @property
    def offered(self) -> list[Item]:
        """Of what one thing is still to be chosen."""
        return _items(self.options)


class Way(models.TextChoices):
    """How a thing is handed over (SEMANTICS 34)."""

    BY_HAND = "by_hand"
    POOL = "pool"
    GENERATED = "generated"
    WEBHOOK = "webhook"


class Provider(models.Model):
    """Who hands over things of one kind; the row that names the clause goes before the program's, that before the rest.

    Attributes:
        program, clause: where it holds; empty for everywhere.
        settings: what the way needs, JSON: the pool's name, the prefix of codes, the receiver's address and secrets.
    """

    pk = models.CompositePrimaryKey("kind", "program", "clause", "workspace")
    kind = models.TextField()
    program = models.TextField(default="")
    clause = models.TextField(default="")
    workspace = in_workspace()
    way = models.TextField(choices=Way.choices)
    settings = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(way__in=Way.values), name="provider_way_known")]

    def __str__(self) -> str:
        return f"{self.kind} by {self.way}"


class Pool(models.Model):
    """Codes that were loaded to be given out.

    Attributes:
        low: with fewer left than these, the pool is shown as low.
    """

    pk = models.CompositePrimaryKey("name", "workspace")
    name = models.TextField()
    workspace = in_workspace()
    low = models.IntegerField(default=0)
    created_at = MomentField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(low__gte=0), name="pool_low_not_negative")]

    def __str__(self) -> str:
        return self.name


class PoolCode(models.Model):
    """One code that is worth something; it is given out once, and never again whatever becomes of the reward.

    Attributes:
        pool: whose it is; empty where we made it up ourselves.
        place: in which order the pool gives its codes out.
        reward, item: for what it was given; 0 while it is free.
    """

    pk = models.CompositePrimaryKey("code", "workspace")
    code = models.TextField()
    workspace = in_workspace()
    pool = models.TextField(default="")
    place = models.BigIntegerField(default=0)
    reward = models.BigIntegerField(default=0)
    item = models.SmallIntegerField(default=0)
    given_at = MomentField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reward", "item", "workspace"], name="pool_code_once_per_item", condition=Q(reward__gt=0)
            )
        ]
        indexes = [models.Index(fields=["pool", "workspace", "place"], name="pool_code_free", condition=Q(reward=0))]

    def __str__(self) -> str:
        return f"{self.pool} {self.place}"


class OrderState(models.TextChoices):
    """How far an order is.

    `ASKING` was sent, and no answer is written down yet; of `UNKNOWN` nobody knows whether it took effect. Only
    `PENDING` may be sent, and only these three are still open.
    """

    PENDING = "pending"
    ASKING = "asking"
    UNKNOWN = "unknown"
    DELIVERED = "delivered"
    FAILED = "failed"
    REFUSED = "refused"
    CANCELLED = "cancelled"


# Their outcome is known.
SETTLED = (OrderState.DELIVERED, OrderState.FAILED, OrderState.REFUSED)


class Order(Leased):
    """The handing over of one thing of an approved reward.

    Attributes:
        item: its place among the reward's items.
        kind: what kind of thing it is.
        via_program, via_clause: with `kind`, the provider that it went to.
        key: by which a receiver knows it again; the same for the same thing, whatever happens here.
        attempts: how often nothing came of it.
        next_at: when something is to be done about it; None when nothing is, or a person must.
        sent_at: when it was sent first.
        settled_at: when its outcome came, by the workspace's clock.
        entered: its outcome stands in the log.
        code, reference, proof: what the member uses; what the receiver calls it; what shows that it arrived.
        reason: why it was refused, failed or waits.
    """

    pk = models.CompositePrimaryKey("reward", "item", "workspace")
    reward = models.BigIntegerField()
    item = models.SmallIntegerField()
    workspace = in_workspace()
    kind = models.TextField()
    way = models.TextField(choices=Way.choices)
    via_program = models.TextField(default="")
    via_clause = models.TextField(default="")
    state = models.TextField(choices=OrderState.choices, default=OrderState.PENDING)
    key = models.TextField()
    attempts = models.IntegerField(default=0)
    made_at = MomentField()
    next_at = MomentField()
    sent_at = MomentField()
    settled_at = MomentField()
    entered = models.BooleanField(default=False)
    code = models.TextField(default="")
    reference = models.TextField(default="")
    proof = models.TextField(default="")
    reason = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "workspace"], name="order_key_once"),
            models.CheckConstraint(condition=Q(state__in=OrderState.values), name="order_state_known"),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="order_way_known"),
        ]
        indexes = [
            models.Index(fields=["next_at", "workspace"], name="order_due", condition=Q(next_at__gt=0)),
            models.Index(
                fields=["workspace", "state"],
                name="order_open",
                condition=Q(state__in=("pending", "asking", "unknown", "failed", "refused")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.reward}, {self.state}"

    @property
    def settled(self) -> bool:
        """Whether its outcome is known."""
        return self.state in SETTLED
