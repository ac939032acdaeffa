"""Tables of this app: referral codes."""

from django.db import models

from sayso.domains.workspaces.models import in_workspace


class Code(models.Model):
    """A referral code, folded to one case, and the member who recommends with it; no program means every program."""

    pk = models.CompositePrimaryKey("code", "workspace")
    code = models.TextField()
    workspace = in_workspace()
    member = models.BigIntegerField()
    program = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["member", "workspace"], name="code_of_member")]

    def __str__(self) -> str:
        return self.code
