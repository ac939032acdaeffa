"""Tables of this app: sources, and how many of their messages made no event. No message is kept: it may name people."""

from django.db import models

from sayso.domains.workspaces.ids import public_id
from sayso.domains.workspaces.models import in_workspace
from sayso.domains.workspaces.moments import MomentField

SOURCE_PREFIX = "whs"


class Source(models.Model):
    """A system that sends messages to an address of its own.

    Attributes:
        name: the source of its events in the log.
        scheme: how its messages are signed, one of `signatures.SCHEMES`.
        signing: further settings of the scheme.
        secret: the sealed secret that it signs with.
        draft: the mapping as it was written last, JSON; as text, since a database's own JSON would sort its rules.
        tried: digest of the draft that made events from a sample.
        mapping: the mapping that is live; empty before the first.
        enabled_at: since when messages are taken; None when they are not.
    """

    pk = models.CompositePrimaryKey("number", "workspace")
    number = models.BigIntegerField()
    workspace = in_workspace()
    name = models.TextField()
    scheme = models.TextField()
    signing = models.JSONField(default=dict)
    secret = models.TextField()
    draft = models.TextField()
    tried = models.TextField(default="")
    mapping = models.TextField(default="")
    created_at = MomentField()
    enabled_at = MomentField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "workspace"], name="incoming_source_named_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def id(self) -> str:
        """The id in the address to which it sends."""
        return public_id(SOURCE_PREFIX, self.number)


class Untaken(models.Model):
    """How many messages of a source made no event on a day, and which was the last.

    Attributes:
        day: of arrival in UTC, a proleptic ordinal.
        outcome: `ignored` when no rule was for it; `refused` when what a rule made is no event; `differs` when an event
            of its id is stored with another content.
        last_id: the message's id.
        last_problem: names of the fields that were wrong.
    """

    pk = models.CompositePrimaryKey("source", "day", "outcome", "workspace")
    source = models.BigIntegerField()
    day = models.IntegerField()
    outcome = models.TextField()
    workspace = in_workspace()
    count = models.BigIntegerField(default=0)
    last_id = models.TextField(default="")
    last_at = MomentField()
    last_problem = models.TextField(default="")

    def __str__(self) -> str:
        return f"{self.count} {self.outcome}"
