"""How timers stand in their table. It must not read or write them."""

from sayso.core.engine.rows import Timer
from sayso.domains.workspaces.stored import stored

TIMERS = stored(Timer, "decisions_timer", ("id",))
