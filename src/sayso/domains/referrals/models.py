"""Tables of this app: referrals, what each member is within a program, and who is listed by name."""

from django.db import models
from django.db.models import F, Q

from sayso.core.engine.states import CLOSED, REFERRAL_STATUSES
from sayso.domains.workspaces.models import in_workspace
from sayso.domains.workspaces.moments import MomentField


class Referral(models.Model):
    """Advocate, friend and program; the fields mean what they mean in `core.engine.rows.Referral`."""

    pk = models.CompositePrimaryKey("id", "workspace")
    id = models.BigIntegerField()
    workspace = in_workspace()
    program = models.TextField()
    version = models.IntegerField()
    advocate = models.BigIntegerField()
    friend = models.BigIntegerField()
    status = models.TextField()
    opened_at = MomentField()
    touched_at = MomentField()
    steps = models.TextField(default="{}")
    early = models.TextField(default="{}")
    timer = models.BigIntegerField(default=0)
    completed_at = MomentField()
    ended_at = MomentField()
    moved_in = models.BooleanField(default=False)
    taken_by = models.TextField(default="{}")
    by_address = models.BooleanField(default=False)
    undone = models.TextField(default="[]")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["friend", "program", "workspace"],
                condition=~Q(status__in=CLOSED),
                name="referral_one_advocate",
            ),
            models.CheckConstraint(
                condition=~Q(advocate=F("friend")) | Q(status="rejected"), name="referral_of_somebody_else"
            ),
            models.CheckConstraint(condition=Q(status__in=REFERRAL_STATUSES), name="referral_status_known"),
        ]
        indexes = [
            models.Index(fields=["friend", "workspace"], name="referral_of_friend"),
            models.Index(fields=["advocate", "workspace"], name="referral_of_advocate"),
            # Rare among many: a list of them would walk all referrals. The others cost nothing here.
            models.Index(
                fields=["workspace", "status", "id"],
                name="referral_in_doubt",
                condition=Q(status__in=("in_review", "rejected")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.advocate} recommends {self.friend}"


class Participation(models.Model):
    """What a member is within one program; the fields mean what they mean in `core.engine.rows.Participation`."""

    pk = models.CompositePrimaryKey("member", "program", "workspace")
    member = models.BigIntegerField()
    program = models.TextField()
    workspace = in_workspace()
    tier = models.TextField(default="")
    tier_before = models.TextField(default="")
    tier_day = models.IntegerField(default=0)
    review_at = MomentField()
    drop_at = MomentField()
    badges = models.TextField(default="[]")
    openings = models.TextField(default="[]")
    turned_away = models.TextField(default="[]")

    def __str__(self) -> str:
        return f"{self.member} in {self.program}"


class Listed(models.Model):
    """A member whose first name stands in the list of those who recommended most, since they asked for it."""

    pk = models.CompositePrimaryKey("member", "workspace")
    member = models.BigIntegerField()
    workspace = in_workspace()
    since = MomentField()

    def __str__(self) -> str:
        return f"{self.member} is listed"
