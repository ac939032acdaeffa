"""How referrals and participations stand in their tables. It must not read or write them."""

from sayso.core.engine.rows import Participation, Referral
from sayso.domains.workspaces.stored import stored

REFERRALS = stored(Referral, "referrals_referral", ("id",))
PARTICIPATIONS = stored(Participation, "referrals_participation", ("member", "program"))
