"""Tables of this app: notices that wait to be told, long tasks, and when each duty was last done."""

from django.db import models

from sayso.domains.jobs.lease import Leased
from sayso.domains.workspaces.models import in_workspace
from sayso.domains.workspaces.moments import MomentField


class Notice(models.Model):
    """Something that a decision has to tell, written in its transaction; gone when whoever listens has taken it over.

    The fields mean what they mean in `core.engine.decision.Notice`.

    Attributes:
        number: made from the position of the event, so that notices are told in the order of the log.
    """

    pk = models.CompositePrimaryKey("number", "workspace")
    number = models.BigIntegerField()
    workspace = in_workspace()
    kind = models.TextField()
    member = models.BigIntegerField(default=0)
    program = models.TextField(default="")
    about = models.BigIntegerField(default=0)
    occurred_at = MomentField()
    data = models.TextField(default="{}")

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class TaskState(models.TextChoices):
    """How far a task is."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Task(Leased):
    """Long work that somebody asked for and looks at while it goes on.

    Attributes:
        kind: which work, by name.
        arguments: what it is done with, JSON.
        done, total: how far it got, in whatever it counts; total 0 while that is not known.
        starts: how often a worker took it up since it last got further.
        cancel: somebody wants it to stop.
        result: what came of it, JSON.
        problem: why it failed, as a sentence.
    """

    pk = models.CompositePrimaryKey("id", "workspace")
    id = models.BigIntegerField()
    workspace = in_workspace()
    kind = models.TextField()
    arguments = models.JSONField(default=dict)
    state = models.TextField(choices=TaskState.choices, default=TaskState.READY)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    starts = models.SmallIntegerField(default=0)
    cancel = models.BooleanField(default=False)
    result = models.JSONField(null=True)
    problem = models.TextField(default="")
    created_at = MomentField()
    finished_at = MomentField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=TaskState.values), name="task_state_known"),
            models.CheckConstraint(condition=models.Q(done__gte=0, total__gte=0), name="task_counts_up"),
        ]
        indexes = [
            models.Index(fields=["created_at", "workspace"], name="task_unfinished", condition=models.Q(finished_at=0))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Heartbeat(models.Model):
    """When a duty was last done; duties are of the whole installation, so this has no workspace."""

    duty = models.TextField(primary_key=True)
    done_at = MomentField()

    def __str__(self) -> str:
        return self.duty
