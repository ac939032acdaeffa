"""Tables of this app: the log, who is named in it, the day tallies that `evolve` keeps from it, and what came back of
an event's amount.

The log holds numbers of members, not foreign keys to them: it is below people.
"""

from django.db import models
from django.db.models import Q

from sayso.domains.workspaces.models import in_workspace
from sayso.domains.workspaces.moments import MomentField


class State(models.IntegerChoices):
    """What became of an event. The numbers are stored: they never change their meaning.

    `REPLAYED` is the empty place of one that was set aside and then decided at a later place: no place in the log is
    ever given up, so that a missing one is a lost event.
    """

    DECIDED = 0
    SET_ASIDE = 1
    REPLAYED = 2


class Event(models.Model):
    """One event at its place in the log, with what was decided.

    Attributes:
        position: place in the workspace's log, from 1.
        fingerprint: SHA-256 of what was sent; the same id with another one is refused.
        member: the member's number; 0 for events of the workspace itself and for those set aside.
        ref: the company's name for the member, kept only while the event is set aside and there may be no member.
        day: the local day of `occurred_at`, a proleptic ordinal.
        refers_to: the external id, in the same source, of the event that this one is about.
        counts_only: history that counts and rewards nothing.
        outcome: `[reasons, earned]` as the engine gave them, packed; read by `events.outcome`.
        failure: why it was set aside.
    """

    pk = models.CompositePrimaryKey("position", "workspace")
    position = models.BigIntegerField()
    workspace = in_workspace()
    source = models.TextField()
    external_id = models.TextField()
    fingerprint = models.BinaryField()
    type = models.TextField()
    member = models.BigIntegerField()
    ref = models.TextField(default="")
    occurred_at = MomentField()
    day = models.IntegerField()
    clock = MomentField()
    amount_minor = models.BigIntegerField(null=True)
    currency = models.TextField(default="")
    referral_code = models.TextField(default="")
    refers_to = models.TextField(default="")
    refers_to_position = models.BigIntegerField(default=0)
    props = models.JSONField(default=dict)
    counts_only = models.BooleanField(default=False)
    state = models.SmallIntegerField(choices=State.choices, default=State.DECIDED)
    outcome = models.TextField(default="[[],[]]")
    failure = models.TextField(default="")

    class Meta:
        constraints = [
            # Leads with the id, since it is looked up by a set of ids.
            models.UniqueConstraint(fields=["external_id", "source", "workspace"], name="event_stored_once"),
            models.CheckConstraint(condition=Q(position__gt=0), name="event_position_counts_from_one"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="event_amount_not_negative"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="event_state_known"),
        ]
        indexes = [
            # What somebody allowed is asked of many people on every page of a member's; few events say anything of it.
            models.Index(
                fields=["member", "workspace"], name="event_with_consent", condition=Q(props__has_key="consents")
            ),
            models.Index(fields=["member", "workspace", "position"], name="event_of_member"),
            models.Index(fields=["workspace", "position"], name="event_set_aside", condition=Q(state=State.SET_ASIDE)),
            models.Index(
                fields=["refers_to_position", "workspace"],
                name="event_refers_to",
                condition=Q(refers_to_position__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.external_id}"


class Naming(models.Model):
    """An event that names somebody besides its own member, by the mark of the name (`events.naming`)."""

    pk = models.CompositePrimaryKey("mark", "position", "workspace")
    mark = models.BigIntegerField()
    position = models.BigIntegerField()
    workspace = in_workspace()

    def __str__(self) -> str:
        return f"{self.position} names somebody"


class Tally(models.Model):
    """How often, and how much in sum, one thing happened about one subject on one local day.

    Attributes:
        subject: number of a member, an account, a referral or a program; 0 for the workspace; below zero for a person
            of the staff, whose name is not kept here.
        measure: what is counted, a type of event or a name made by the engine.
        total: may be below zero on a day whose refunds outweigh it.
    """

    pk = models.CompositePrimaryKey("subject", "measure", "currency", "day", "workspace")
    subject = models.BigIntegerField()
    measure = models.TextField()
    currency = models.TextField(default="")
    day = models.IntegerField()
    workspace = in_workspace()
    count = models.BigIntegerField()
    total = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.measure} of {self.subject} on {self.day}"


class Refunded(models.Model):
    """How much of an event's amount came back, and what was taken back for it, per clause."""

    pk = models.CompositePrimaryKey("position", "workspace")
    position = models.BigIntegerField()
    workspace = in_workspace()
    amount_minor = models.BigIntegerField()
    taken = models.TextField(default="{}")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gte=0), name="refunded_amount_not_negative")]

    def __str__(self) -> str:
        return f"{self.amount_minor} of {self.position}"
