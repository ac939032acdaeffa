"""Tables of this app: programs and their published versions."""

from django.db import models
from django.db.models import Q

from sayso.core.engine.events import SPAN
from sayso.domains.workspaces.models import in_workspace
from sayso.domains.workspaces.moments import MomentField


class Program(models.Model):
    """A long-lived program; its number owns its budget and is the subject of its budget timers."""

    pk = models.CompositePrimaryKey("number", "workspace")
    number = models.IntegerField()
    workspace = in_workspace()
    name = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "workspace"], name="program_name_unique"),
            # Numbers of members and of what events make begin at SPAN; these must never meet them.
            models.CheckConstraint(condition=Q(number__gt=0, number__lt=SPAN), name="program_number_small"),
        ]

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """One immutable published state of a program's document.

    Attributes:
        text: the document as it was written.
        summary: what it changes, in plain words.
        valid_from: it holds for events that occurred from this moment on.
        position: place of its publication in the log; 0 until that event is decided.
    """

    pk = models.CompositePrimaryKey("program", "number", "workspace")
    program = models.IntegerField()
    number = models.IntegerField()
    workspace = in_workspace()
    text = models.TextField()
    summary = models.TextField(default="")
    approved_by = models.TextField(default="")
    valid_from = MomentField()
    published_at = MomentField()
    position = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(number__gt=0), name="version_counts_from_one")]

    def __str__(self) -> str:
        return f"{self.program} version {self.number}"
