"""Tables of this app: what each page did on each day, and every text that consent was asked with."""

from django.db import models
from django.db.models import Q

from sayso.domains.workspaces.models import in_workspace
from sayso.domains.workspaces.moments import MomentField


class PageDay(models.Model):
    """What one variant of a program's page did on one day.

    Attributes:
        variant: as the document names it; empty for the page that variants are tried against.
        day: of the workspace's time zone, a proleptic ordinal.
        shown: how often people saw it; robots, previews and reloads by machines are not people.
        signed_up: how many sign-ups came through it.
    """

    pk = models.CompositePrimaryKey("program", "variant", "day", "workspace")
    program = models.TextField()
    variant = models.TextField(default="")
    day = models.IntegerField()
    workspace = in_workspace()
    shown = models.BigIntegerField(default=0)
    signed_up = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(shown__gte=0, signed_up__gte=0), name="page_day_counts_up"),
        ]

    def __str__(self) -> str:
        return f"{self.program} {self.variant} on {self.day}"


class ConsentText(models.Model):
    """One text with which consent for a purpose was asked; a text is never changed, another one is another version.

    Attributes:
        purpose: one of `people.consents.PURPOSES`.
        version: counts from 1 within purpose and language.
        is_own: the company wrote it; else it is ours.
        since: when it was first shown.
    """

    pk = models.CompositePrimaryKey("purpose", "language", "version", "workspace")
    purpose = models.TextField()
    language = models.TextField()
    version = models.IntegerField()
    workspace = in_workspace()
    text = models.TextField()
    is_own = models.BooleanField(default=False)
    since = MomentField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(version__gt=0), name="consent_text_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version} ({self.language})"
