"""Tables of this app: the workspace with the head of its log.

The head (position, clock, seals) lives in the workspace's own row, because locking that row is what makes one writer.
Rows of other tables name their workspace without a foreign key in the database: each check would cost as much as the
row itself, and `verify` proves the same.
"""

from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models

from sayso.core.ledger.transfers import GENESIS
from sayso.domains.workspaces.moments import MomentField


class Workspace(models.Model):
    """One company's (or brand's) separate world.

    Attributes:
        position: the last place taken in the log.
        clock: what a test workspace takes for now.
        rulebook: a hash over everything that was ever published here; a rulebook compiled for it is still good.
        seals: how many batches were sealed.
        head: the seal over everything booked so far, 32 bytes.
        listens: the kinds of notice that somebody listens to, with a space between them.
        failing: the last events in a row on which the engine failed; see `decisions.pausing`.
    """

    id = models.SmallAutoField(primary_key=True)
    name = models.SlugField(max_length=63, unique=True)
    is_test = models.BooleanField(default=False)
    timezone = models.CharField(max_length=63, default="UTC")
    created_at = MomentField()
    position = models.BigIntegerField(default=0)
    clock = MomentField()
    rulebook = models.BinaryField(default=GENESIS)
    seals = models.BigIntegerField(default=0)
    head = models.BinaryField(default=GENESIS)
    listens = models.TextField(default="", blank=True)
    failing = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(position__gte=0, seals__gte=0), name="workspace_head_counts_up")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> tzinfo:
        """The one time zone in which its days begin and end (SEMANTICS 9)."""
        return ZoneInfo(self.timezone)


def in_workspace() -> "models.ForeignKey[Any, Any]":
    """Return the column that every table of a workspace has."""
    return models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)


class ApiKey(models.Model):
    """A key to one workspace. Its secret is shown once and never stored.

    Attributes:
        number: the first 63 bits of the digest, so that a secret finds its row by the table's own key.
        digest: SHA-256 of the secret, 32 bytes.
        hint: how the secret begins, for people to tell keys apart.
        scopes: what it may do, separated by spaces; see `workspaces.keys`.
        is_public: it stands in web pages, and anybody may read it.
        source: in whose name its events are stored.
        expires_at: when it ends; never when None.
        revoked_at: when it was taken back; not when None.
    """

    pk = models.CompositePrimaryKey("number", "workspace")
    number = models.BigIntegerField()
    workspace = in_workspace()
    name = models.TextField()
    digest = models.BinaryField()
    hint = models.TextField()
    scopes = models.TextField()
    is_public = models.BooleanField(default=False)
    source = models.TextField(default="api")
    created_at = MomentField()
    expires_at = MomentField()
    revoked_at = MomentField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "workspace"], condition=models.Q(revoked_at=0), name="api_key_name_unique"
            ),
            models.CheckConstraint(condition=models.Q(number__gt=0), name="api_key_number_positive"),
        ]

    def __str__(self) -> str:
        return self.name


class KeptAnswer(models.Model):
    """What was answered to a request that shall be carried out once, kept in the transaction that carried it out.

    Attributes:
        route: which request it was, so that one key may stand on several routes.
        key: what the sender named it.
        fingerprint: SHA-256 of what was asked; the same key with another one is refused.
        answer: JSON, without anything that is shown only once.
    """

    pk = models.CompositePrimaryKey("key", "route", "workspace")
    key = models.TextField()
    route = models.TextField()
    workspace = in_workspace()
    fingerprint = models.BinaryField()
    answer = models.JSONField(default=dict)
    kept_at = MomentField()

    class Meta:
        indexes = [models.Index(fields=["workspace", "kept_at"], name="kept_answer_by_age")]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"


class Brand(models.Model):
    """How a company appears to its members: on pages, in mails, on cards.

    Attributes:
        name: what the company calls itself.
        colour: of buttons and marks, `#rrggbb`.
        logo: a picture, PNG, JPEG or WebP; empty where the first letter of the name stands for it.
        logo_type: its media type; empty where there is none.
        logo_digest: SHA-256 of the picture in hexadecimal digits, by which its address names it; empty where there is
            none.
        home_url: the company's own site.
        reply_to: where answers to mails go.
        postal_address: stands under every mail.
        privacy_url: what the company says about people's data.
        origins: sites that may frame the widget, with a space between them.
    """

    workspace = models.OneToOneField(
        Workspace, on_delete=models.PROTECT, related_name="+", db_constraint=False, primary_key=True
    )
    name = models.TextField()
    colour = models.TextField(default="#b4472e")
    logo = models.BinaryField(default=b"")
    logo_type = models.TextField(default="")
    logo_digest = models.TextField(default="")
    home_url = models.TextField(default="")
    reply_to = models.TextField(default="")
    postal_address = models.TextField(default="")
    privacy_url = models.TextField(default="")
    origins = models.TextField(default="")

    def __str__(self) -> str:
        return self.name


class SiteHost(models.Model):
    """A host name of the company's own under which its members' pages stand.

    Attributes:
        place: in the order in which the company named its hosts.
    """

    host = models.TextField(primary_key=True)
    workspace = in_workspace()
    place = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.host


class PortalSecret(models.Model):
    """A secret with which a company's own systems vouch for its members; see `portal_secret`.

    Attributes:
        number: the later one is higher.
        sealed: as `sealing` keeps it.
        ends_at: when it holds no more; None for the newest.
    """

    pk = models.CompositePrimaryKey("number", "workspace")
    number = models.BigIntegerField()
    workspace = in_workspace()
    sealed = models.TextField()
    made_at = MomentField()
    ends_at = MomentField()

    def __str__(self) -> str:
        return f"portal secret {self.number}"
