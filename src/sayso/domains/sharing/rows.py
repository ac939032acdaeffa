"""How referral codes stand in their table. It must not read or write them."""

from sayso.core.engine.facts import Code
from sayso.domains.workspaces.stored import stored

CODES = stored(Code, "sharing_code", ("code",))
