"""Tables of this app: rewards."""

from django.db import models
from django.db.models import Q

from sayso.core.engine.states import REWARD_STATES
from sayso.domains.workspaces.models import in_workspace
from sayso.domains.workspaces.moments import MomentField


class Reward(models.Model):
    """Something granted; the fields mean what they mean in `core.engine.facts.Reward`."""

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
        ]

    def __str__(self) -> str:
        return f"{self.clause} for {self.beneficiary}"
