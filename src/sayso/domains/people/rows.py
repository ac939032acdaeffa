"""How members and identities stand in their tables. It must not read or write them."""

from sayso.core.engine.rows import Identity, Member
from sayso.domains.workspaces.stored import stored

MEMBERS = stored(Member, "people_member", ("id",), searchable=("tags", "groups", "attributes"))
IDENTITIES = stored(Identity, "people_identity", ("value", "kind"))
