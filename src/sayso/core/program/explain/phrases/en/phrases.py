"""Every English phrase, from the parts that keep them."""

from sayso.core.program.explain.phrases.en.changes import CHANGES
from sayso.core.program.explain.phrases.en.conditions import CONDITIONS
from sayso.core.program.explain.phrases.en.offers import OFFERS
from sayso.core.program.explain.phrases.en.program import PROGRAM
from sayso.core.program.explain.phrases.en.rewards import REWARDS
from sayso.core.program.explain.phrases.en.values import VALUES

PHRASES = {**VALUES, **CONDITIONS, **PROGRAM, **REWARDS, **OFFERS, **CHANGES}
