"""How referral codes and invitations stand in their tables. It must not read or write them."""

from sayso.core.engine.rows import Code, Invitation
from sayso.domains.workspaces.stored import stored

CODES = stored(Code, "sharing_code", ("code",))
INVITATIONS = stored(Invitation, "sharing_invitation", ("id",))
