"""Tables of this app: timers."""

from django.db import models

from sayso.domains.workspaces.models import in_workspace
from sayso.domains.workspaces.moments import MomentField


class Timer(models.Model):
    """Something that falls due; deleted in the transaction that decides it, so that it happens exactly once."""

    pk = models.CompositePrimaryKey("id", "workspace")
    id = models.BigIntegerField()
    workspace = in_workspace()
    subject = models.BigIntegerField()
    kind = models.TextField()
    due_at = MomentField()
    about = models.BigIntegerField(default=0)
    detail = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["subject", "workspace"], name="timer_of_subject"),
            models.Index(fields=["workspace", "due_at"], name="timer_due_in_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject}"
