"""Tables of this app: referral codes, share links with the clicks on them, invitations, the names of those who
recommend, and how often codes and names were tried."""

from django.db import models

from sayso.domains.workspaces.models import Workspace, in_workspace
from sayso.domains.workspaces.moments import MomentField


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


class Link(models.Model):
    """A share link: one for each advocate, program and channel.

    Attributes:
        slug: what stands in the address after `/r/`.
        number: by which clicks name it, when nobody is to be found by them any more.
        member: who recommends; after a merge still the number under which the link was made.
        code: with which they do.
        channel: one of `core.program.document.CHANNELS`.
        shares: how often it was passed on, as far as a script saw it; looking at it is no share.
        shared_at: when it last was, by the workspace's own clock.
    """

    pk = models.CompositePrimaryKey("slug", "workspace")
    slug = models.TextField()
    workspace = in_workspace()
    number = models.BigIntegerField()
    member = models.BigIntegerField()
    code = models.TextField()
    program = models.TextField()
    channel = models.TextField()
    created_at = MomentField()
    shares = models.IntegerField(default=0)
    shared_at = MomentField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "program", "channel", "workspace"], name="link_one_per_channel")
        ]

    def __str__(self) -> str:
        return self.slug


class Click(models.Model):
    """A visit of a person through a link; neither their address nor their browser is kept.

    Attributes:
        number: begins with the time.
        clicked_at: by the workspace's own clock.
        link: the number of the link; what it led to is kept beside it, since the link goes when its owner is erased.
        version: of the program, that was in force.
    """

    pk = models.CompositePrimaryKey("number", "workspace")
    number = models.BigIntegerField()
    workspace = in_workspace()
    link = models.BigIntegerField()
    program = models.TextField()
    channel = models.TextField()
    version = models.IntegerField()
    clicked_at = MomentField()

    def __str__(self) -> str:
        return f"click on {self.link}"


class Invitation(models.Model):
    """Somebody whom a member invited; the fields mean what they mean in `core.engine.rows.Invitation`."""

    pk = models.CompositePrimaryKey("id", "workspace")
    id = models.BigIntegerField()
    workspace = in_workspace()
    contact = models.TextField()
    advocate = models.BigIntegerField()
    program = models.TextField(default="")
    channel = models.TextField(default="")
    invited_at = MomentField()
    friend = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["contact", "workspace"], name="invitation_of_contact"),
            models.Index(fields=["advocate", "workspace", "id"], name="invitation_of_advocate"),
            models.Index(fields=["friend", "workspace"], name="invitation_of_friend", condition=models.Q(friend__gt=0)),
            models.Index(fields=["workspace", "invited_at"], name="invitation_in_vain", condition=models.Q(friend=0)),
        ]

    def __str__(self) -> str:
        return f"{self.advocate} invites somebody"


class Salt(models.Model):
    """The key with which a workspace hashes the addresses and numbers of those who are invited, 32 bytes."""

    workspace = models.OneToOneField(
        Workspace, on_delete=models.PROTECT, related_name="+", db_constraint=False, primary_key=True
    )
    salt = models.BinaryField()

    def __str__(self) -> str:
        return f"salt of {self.workspace_id}"


class NamesRead(models.Model):
    """Up to which place of a workspace's log the names of those who recommend were noted."""

    workspace = models.OneToOneField(
        Workspace, on_delete=models.PROTECT, related_name="+", db_constraint=False, primary_key=True
    )
    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"names of {self.workspace_id} up to {self.position}"


class AdvocateName(models.Model):
    """Under which name a friend finds somebody who recommends; folded, so that it is compared and never shown."""

    pk = models.CompositePrimaryKey("member", "workspace")
    member = models.BigIntegerField()
    workspace = in_workspace()
    folded = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["folded", "workspace"], name="advocate_by_name", condition=models.Q(folded__gt=""))
        ]

    def __str__(self) -> str:
        return f"name of {self.member}"


class Try(models.Model):
    """A code or a name that somebody tried; what counts is how many there were lately.

    Attributes:
        who: a mark of the address that it came from, and of what was tried there.
    """

    pk = models.CompositePrimaryKey("number", "workspace")
    number = models.BigIntegerField()
    workspace = in_workspace()
    who = models.BinaryField()
    made_at = MomentField()

    class Meta:
        indexes = [
            models.Index(fields=["who", "workspace", "made_at"], name="try_of_address"),
            models.Index(fields=["made_at"], name="try_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
