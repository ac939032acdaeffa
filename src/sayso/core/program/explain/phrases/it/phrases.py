"""Every Italian phrase, from the parts that keep them."""

from sayso.core.program.explain.phrases.it.changes import CHANGES
from sayso.core.program.explain.phrases.it.conditions import CONDITIONS
from sayso.core.program.explain.phrases.it.offers import OFFERS
from sayso.core.program.explain.phrases.it.program import PROGRAM
from sayso.core.program.explain.phrases.it.rewards import REWARDS
from sayso.core.program.explain.phrases.it.values import VALUES

PHRASES = {**VALUES, **CONDITIONS, **PROGRAM, **REWARDS, **OFFERS, **CHANGES}
