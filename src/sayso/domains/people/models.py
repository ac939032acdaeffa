"""Tables of this app: members, the ways in which each is recognised, and what belongs to their own page."""

from django.db import models
from django.db.models import Q

from sayso.domains.workspaces.models import in_workspace
from sayso.domains.workspaces.moments import MomentField

STATUSES = ("active", "banned", "erased", "merged")


class Member(models.Model):
    """Somebody we know; the fields mean what they mean in `core.engine.rows.Member`."""

    pk = models.CompositePrimaryKey("id", "workspace")
    id = models.BigIntegerField()
    workspace = in_workspace()
    ref = models.TextField()
    joined_at = MomentField()
    language = models.TextField(default="")
    country = models.TextField(default="")
    account = models.BigIntegerField(default=0)
    status = models.TextField(default="active")
    merged_into = models.BigIntegerField(default=0)
    tags = models.JSONField(default=list)
    groups = models.JSONField(default=list)
    attributes = models.JSONField(default=dict)
    alike = models.TextField(default="[]")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ref", "workspace"], condition=~Q(ref=""), name="member_ref_unique"),
            models.CheckConstraint(condition=Q(status__in=STATUSES), name="member_status_known"),
        ]
        indexes = [
            models.Index(
                fields=["merged_into", "workspace"], name="member_merged_into", condition=Q(merged_into__gt=0)
            ),
            # Rare among many: a list of them would walk all members. Who is active costs nothing here.
            models.Index(
                fields=["workspace", "status", "id"], name="member_not_active", condition=Q(status__in=STATUSES[1:])
            ),
        ]

    def __str__(self) -> str:
        return self.ref


class Identity(models.Model):
    """A way in which a member is recognised; for the kind `account`, the account's number stands for the member."""

    pk = models.CompositePrimaryKey("value", "kind", "workspace")
    value = models.TextField()
    kind = models.TextField()
    workspace = in_workspace()
    member = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["member", "workspace"], name="identity_of_member")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class PortalSession(models.Model):
    """That somebody is signed in on a member's own page; see `sessions`.

    Attributes:
        digest: of what the browser keeps, SHA-256, in hexadecimal digits.
        secret: the number of the portal secret that vouched for them; 0 for a code that came by mail.
        token: digest of the company's token that opened it, which opens no other; empty for a code.
        ends_at: when it holds no more; one that was ended has it behind it.
    """

    pk = models.CompositePrimaryKey("digest", "workspace")
    digest = models.TextField()
    workspace = in_workspace()
    member = models.BigIntegerField()
    secret = models.BigIntegerField(default=0)
    token = models.TextField(default="")
    opened_at = MomentField()
    ends_at = MomentField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token", "workspace"], condition=~Q(token=""), name="session_of_token"),
        ]
        indexes = [
            models.Index(fields=["member", "workspace"], name="session_of_member"),
            models.Index(fields=["ends_at", "workspace"], name="session_ended"),
        ]

    def __str__(self) -> str:
        return f"session of {self.member}"


class Celebrated(models.Model):
    """The rewards whose arrival a member was shown, of those that they have; see `celebrate`."""

    pk = models.CompositePrimaryKey("member", "workspace")
    member = models.BigIntegerField()
    workspace = in_workspace()
    rewards = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"shown to {self.member}"
