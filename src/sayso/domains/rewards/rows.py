"""How rewards stand in their table. It must not read or write them."""

from sayso.core.engine.rows import Reward
from sayso.domains.workspaces.stored import stored

REWARDS = stored(Reward, "rewards_reward", ("id",))
