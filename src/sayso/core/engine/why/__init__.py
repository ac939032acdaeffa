"""Why, and why not: the reasons of decisions, chosen for a question and put into words.

Reasons are stored as numbers when a decision is made; nothing here is needed to make one.
"""

from sayso.core.engine.why.render import Explained, render, tell
from sayso.core.engine.why.selection import Because, Heard, Silence, UnknownClause, why
from sayso.core.engine.why.speaker import Audience

__all__ = ["Audience", "Because", "Explained", "Heard", "Silence", "UnknownClause", "render", "tell", "why"]
