"""Every Spanish phrase, from the parts that keep them."""

from sayso.core.program.explain.phrases.es.changes import CHANGES
from sayso.core.program.explain.phrases.es.conditions import CONDITIONS
from sayso.core.program.explain.phrases.es.offers import OFFERS
from sayso.core.program.explain.phrases.es.program import PROGRAM
from sayso.core.program.explain.phrases.es.rewards import REWARDS
from sayso.core.program.explain.phrases.es.values import VALUES

PHRASES = {**VALUES, **CONDITIONS, **PROGRAM, **REWARDS, **OFFERS, **CHANGES}
