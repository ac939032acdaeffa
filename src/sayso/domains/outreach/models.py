"""Tables of this app: mails, codes to sign in with, and by what addresses are recognised without being kept.

Rows hold numbers and keyed hashes, never an address or a name: these are looked up when a mail is sent, so that who was
erased gets none.
"""

from django.db import models
from django.db.models import Q

from sayso.domains.jobs.lease import Leased
from sayso.domains.workspaces.ids import public_id
from sayso.domains.workspaces.models import in_workspace
from sayso.domains.workspaces.moments import MomentField

MAIL_PREFIX = "mai"


class MailKind(models.TextChoices):
    """What a mail is for; the company's own words for it stand in the program's `messages` under this name."""

    SIGN_IN = "sign_in"
    TEST = "test"
    WELCOME = "welcome"
    FRIEND_JOINED = "friend_joined"
    REWARD_TO_CHOOSE = "reward_to_choose"
    REWARD_READY = "reward_ready"
    LEAD = "lead"


# What its reader asked for a moment ago; everything else can be stopped.
ASKED_FOR = (MailKind.SIGN_IN, MailKind.TEST)
# What a workspace turns on.
TURNED_ON = (
    MailKind.WELCOME,
    MailKind.FRIEND_JOINED,
    MailKind.REWARD_TO_CHOOSE,
    MailKind.REWARD_READY,
    MailKind.LEAD,
)


class MailState(models.TextChoices):
    """How far a mail is; only `PENDING` may be sent."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"


class Mail(Leased):
    """One mail to one member: the same cause never makes two of a kind.

    Attributes:
        cause: the number of what it is about: a reward, a referral, a code.
        member: to whom.
        mark: of the mailbox that it was sent to; empty before, and of who was erased.
        told: the rewards that it told of beside its cause, as kind of mail and number.
        reason: why it was not sent, or not yet, as a sentence.
        made_at: when it became due, by the calendar.
        next_at: when it is tried next; never when None.
        ended_at: when it was given up or skipped; of one that was sent, when it was written to be sent.
        forget_at: when the address of a lead is forgotten, sent or not; never when None.
    """

    pk = models.CompositePrimaryKey("number", "workspace")
    number = models.BigIntegerField()
    workspace = in_workspace()
    kind = models.TextField(choices=MailKind.choices)
    cause = models.BigIntegerField()
    member = models.BigIntegerField(default=0)
    program = models.TextField(default="")
    mark = models.BinaryField(default=b"")
    told = models.JSONField(default=list)
    state = models.TextField(choices=MailState.choices, default=MailState.PENDING)
    reason = models.TextField(default="")
    attempts = models.IntegerField(default=0)
    made_at = MomentField()
    next_at = MomentField()
    ended_at = MomentField()
    forget_at = MomentField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cause", "kind", "workspace"], name="mail_once_per_cause"),
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="mail_state_known"),
            models.CheckConstraint(condition=Q(kind__in=MailKind.values), name="mail_kind_known"),
            models.CheckConstraint(condition=Q(attempts__gte=0), name="mail_attempts_count_up"),
        ]
        indexes = [
            models.Index(fields=["next_at", "workspace"], name="mail_due", condition=Q(next_at__gt=0)),
            models.Index(fields=["workspace", "number"], name="mail_latest"),
            models.Index(fields=["member", "workspace"], name="mail_of_member", condition=Q(member__gt=0)),
            models.Index(fields=["ended_at", "workspace"], name="mail_ended", condition=Q(ended_at__gt=0)),
            models.Index(
                fields=["ended_at"], name="mail_with_code_ended", condition=Q(kind=MailKind.SIGN_IN, ended_at__gt=0)
            ),
            models.Index(fields=["forget_at"], name="mail_to_forget", condition=Q(forget_at__gt=0)),
            models.Index(fields=["mark", "workspace"], name="mail_to_lead", condition=Q(kind=MailKind.LEAD)),
        ]

    def __str__(self) -> str:
        return self.id

    @property
    def id(self) -> str:
        """Its id, the same on every attempt."""
        return public_id(MAIL_PREFIX, self.number)


class MailSwitch(models.Model):
    """That a workspace sends mails of some kind; without this row it does not.

    Attributes:
        country: only to people there; empty for everywhere.
    """

    pk = models.CompositePrimaryKey("kind", "country", "workspace")
    kind = models.TextField(choices=MailKind.choices)
    country = models.TextField(default="")
    workspace = in_workspace()
    made_at = MomentField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TURNED_ON), name="mail_switch_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.country}".strip()


class LeadsRead(models.Model):
    """Up to which place of a workspace's log those who were handed in and never came are forgotten."""

    workspace = models.OneToOneField(
        "workspaces.Workspace", on_delete=models.PROTECT, related_name="+", db_constraint=False, primary_key=True
    )
    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"leads of {self.workspace_id} up to {self.position}"


class Suppression(models.Model):
    """That the owner of a mailbox wants no mails; it is never deleted but at their word.

    Attributes:
        mark: of the mailbox, see `marks`.
    """

    pk = models.CompositePrimaryKey("mark", "workspace")
    mark = models.BinaryField()
    workspace = in_workspace()
    made_at = MomentField()

    def __str__(self) -> str:
        return bytes(self.mark).hex()[:8]


class AddressKey(models.Model):
    """The key under which a workspace's marks of addresses are made, sealed; it is never changed."""

    workspace = models.OneToOneField(
        "workspaces.Workspace", on_delete=models.PROTECT, related_name="+", db_constraint=False, primary_key=True
    )
    sealed = models.TextField()

    def __str__(self) -> str:
        return f"of {self.workspace_id}"


class SignInCode(models.Model):
    """A code by which the owner of an address may sign in once. The code itself follows from the number, see `sign_in`.

    Attributes:
        account: the mark of the address; there is one for addresses of nobody too.
        client: the mark of the network address that asked; empty where it is not known.
        member: whose address it is; 0 for nobody's.
        ends_at: until when it is good.
        used_at: when it was used; not when None.
    """

    pk = models.CompositePrimaryKey("number", "workspace")
    number = models.BigIntegerField()
    workspace = in_workspace()
    account = models.BinaryField()
    client = models.BinaryField(default=b"")
    member = models.BigIntegerField(default=0)
    made_at = MomentField()
    ends_at = MomentField()
    used_at = MomentField()

    class Meta:
        indexes = [
            models.Index(fields=["account", "workspace", "made_at"], name="sign_in_code_of_account"),
            models.Index(fields=["client", "workspace", "made_at"], name="sign_in_code_of_client"),
            models.Index(fields=["made_at"], name="sign_in_code_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class SignInTry(models.Model):
    """One try to sign in with a code; what counts is how many there were lately.

    Attributes:
        account, client: as in `SignInCode`.
    """

    pk = models.CompositePrimaryKey("number", "workspace")
    number = models.BigIntegerField()
    workspace = in_workspace()
    account = models.BinaryField()
    client = models.BinaryField(default=b"")
    made_at = MomentField()

    class Meta:
        indexes = [
            models.Index(fields=["account", "workspace", "made_at"], name="sign_in_try_of_account"),
            models.Index(fields=["client", "workspace", "made_at"], name="sign_in_try_of_client"),
            models.Index(fields=["made_at"], name="sign_in_try_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
