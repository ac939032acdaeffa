"""Every Dutch phrase, from the parts that keep them."""

from sayso.core.program.explain.phrases.nl.changes import CHANGES
from sayso.core.program.explain.phrases.nl.conditions import CONDITIONS
from sayso.core.program.explain.phrases.nl.offers import OFFERS
from sayso.core.program.explain.phrases.nl.program import PROGRAM
from sayso.core.program.explain.phrases.nl.rewards import REWARDS
from sayso.core.program.explain.phrases.nl.values import VALUES

PHRASES = {**VALUES, **CONDITIONS, **PROGRAM, **REWARDS, **OFFERS, **CHANGES}
