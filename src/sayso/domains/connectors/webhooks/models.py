"""Tables of this app: endpoints, and what is delivered to each. Rows name people by number only."""

from django.db import models
from django.db.models import Q

from sayso.domains.jobs.lease import Leased
from sayso.domains.workspaces.ids import public_id
from sayso.domains.workspaces.models import in_workspace
from sayso.domains.workspaces.moments import MomentField

EVERY_KIND = "*"
ENDPOINT_PREFIX, DELIVERY_PREFIX = "whe", "whd"


class Endpoint(models.Model):
    """An address that is told what happens.

    Attributes:
        kinds: the kinds of notice that it wants, or `*` for all.
        secret: the sealed secret that signs.
        earlier_secret: the sealed one before it, which signs too until `earlier_until`; empty for none.
        disabled_at: since when nothing is sent; deliveries are kept and go out once it is enabled again.
        disabled_reason: why, as a sentence.
        failures: how often it failed since it last took something; what failed side by side counts once.
        failing_since: since when.
        held_until: until when its receiver is left alone.
    """

    pk = models.CompositePrimaryKey("number", "workspace")
    number = models.BigIntegerField()
    workspace = in_workspace()
    url = models.TextField()
    kinds = models.JSONField()
    description = models.TextField(default="")
    secret = models.TextField()
    earlier_secret = models.TextField(default="")
    earlier_until = MomentField()
    created_at = MomentField()
    disabled_at = MomentField()
    disabled_reason = models.TextField(default="")
    failures = models.IntegerField(default=0)
    failing_since = MomentField()
    held_until = MomentField()

    class Meta:
        indexes = [models.Index(fields=["workspace", "number"], name="endpoint_of_workspace")]

    def __str__(self) -> str:
        return self.id

    @property
    def id(self) -> str:
        """The id under which others know it."""
        return public_id(ENDPOINT_PREFIX, self.number)

    def wants(self, kind: str) -> bool:
        """Say whether it wants to be told of this kind of notice."""
        return EVERY_KIND in self.kinds or kind in self.kinds


class DeliveryState(models.TextChoices):
    """How far a delivery is."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class Delivery(Leased):
    """One notice on its way to one endpoint.

    `kind`, `member`, `program`, `about`, `occurred_at` and `data` are the notice's; names are put to the numbers when
    it is sent.

    Attributes:
        notice: the notice's number; 0 for a test.
        last_status: the receiver's last answer; 0 for none.
        last_problem: why the last attempt failed, as a sentence.
        next_at: when it is tried next; None when that is not planned.
        finished_at: when it was delivered or given up.
    """

    pk = models.CompositePrimaryKey("number", "workspace")
    number = models.BigIntegerField()
    workspace = in_workspace()
    endpoint = models.BigIntegerField()
    notice = models.BigIntegerField(default=0)
    kind = models.TextField()
    member = models.BigIntegerField(default=0)
    program = models.TextField(default="")
    about = models.BigIntegerField(default=0)
    occurred_at = MomentField()
    data = models.JSONField(default=dict)
    created_at = MomentField()
    state = models.TextField(choices=DeliveryState.choices, default=DeliveryState.PENDING)
    attempts = models.IntegerField(default=0)
    last_status = models.SmallIntegerField(default=0)
    last_problem = models.TextField(default="")
    last_at = MomentField()
    next_at = MomentField()
    finished_at = MomentField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "endpoint", "workspace"], condition=Q(notice__gt=0), name="delivery_once_per_notice"
            ),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_known"),
            models.CheckConstraint(condition=Q(attempts__gte=0), name="delivery_attempts_count_up"),
        ]
        indexes = [
            models.Index(fields=["endpoint", "next_at"], name="delivery_due", condition=Q(next_at__gt=0)),
            models.Index(fields=["endpoint", "workspace", "number"], name="delivery_of_endpoint"),
            models.Index(fields=["created_at"], name="delivery_age"),
        ]

    def __str__(self) -> str:
        return self.id

    @property
    def id(self) -> str:
        """The id under which the receiver knows it, the same on every attempt."""
        return public_id(DELIVERY_PREFIX, self.number)
