"""Tables of this app: transfers, balances with their floors, lots, and the seals over the transfers.

Kinds of ledger account and reasons are the numbers of `core.ledger`; who decides a movement is not known here.
"""

from django.db import models
from django.db.models import F, Q

from sayso.core.ledger.chart import CEILING, FLOOR, Kind
from sayso.domains.workspaces.models import in_workspace
from sayso.domains.workspaces.moments import MomentField


class Balance(models.Model):
    """What one ledger account holds: credits minus debits of all its transfers."""

    pk = models.CompositePrimaryKey("owner", "kind", "unit", "workspace")
    owner = models.BigIntegerField()
    kind = models.SmallIntegerField()
    unit = models.TextField()
    workspace = in_workspace()
    balance = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[int(kind) for kind in Kind]), name="balance_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind__in=sorted(FLOOR)) | Q(balance__gte=0), name="balance_above_floor"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=sorted(CEILING)) | Q(balance__lte=0), name="balance_below_ceiling"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.balance} {self.unit}"


class Transfer(models.Model):
    """One movement from a debit to a credit account; never changed.

    Attributes:
        cause: position of the event that decided it.
        about: position of the event that earned it; 0 when none.
        digest: SHA-256 of all other fields.
    """

    pk = models.CompositePrimaryKey("id", "workspace")
    id = models.BigIntegerField()
    workspace = in_workspace()
    debit_kind = models.SmallIntegerField()
    debit_owner = models.BigIntegerField()
    credit_kind = models.SmallIntegerField()
    credit_owner = models.BigIntegerField()
    unit = models.TextField()
    amount = models.BigIntegerField()
    cause = models.BigIntegerField()
    about = models.BigIntegerField(default=0)
    reason = models.SmallIntegerField()
    at = MomentField()
    digest = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_amount_positive"),
            models.CheckConstraint(
                condition=~Q(debit_kind=F("credit_kind"), debit_owner=F("credit_owner")),
                name="transfer_between_two_accounts",
            ),
        ]
        indexes = [
            models.Index(
                fields=["debit_owner", "workspace"], name="transfer_debits_owner", condition=Q(debit_owner__gt=0)
            ),
            models.Index(
                fields=["credit_owner", "workspace"], name="transfer_credits_owner", condition=Q(credit_owner__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"


class Lot(models.Model):
    """Points of one member and unit that expire together; a lot that is used up is gone."""

    pk = models.CompositePrimaryKey("member", "unit", "expires_at", "workspace")
    member = models.BigIntegerField()
    unit = models.TextField()
    expires_at = MomentField()
    workspace = in_workspace()
    remaining = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(remaining__gt=0), name="lot_holds_something")]

    def __str__(self) -> str:
        return f"{self.remaining} {self.unit}"


class Seal(models.Model):
    """The workspace's head after one batch.

    Attributes:
        first_position, last_position: the batch's places in the log; it covers the transfers they caused.
        transfers: how many those are.
        head: SHA-256 of the head before and their digests, in order of their numbers.
    """

    pk = models.CompositePrimaryKey("number", "workspace")
    number = models.BigIntegerField()
    workspace = in_workspace()
    first_position = models.BigIntegerField()
    last_position = models.BigIntegerField()
    transfers = models.IntegerField()
    head = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(transfers__gt=0, first_position__lte=F("last_position")), name="seal_covers_something"
            )
        ]

    def __str__(self) -> str:
        return f"seal {self.number}"
