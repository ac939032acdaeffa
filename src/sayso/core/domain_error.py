"""The one kind of error that is an answer: what was asked cannot be, and whoever asked is told why.

Owns the mark. Who meets it says it as their door does: the API as a problem, a command as a sentence. Whatever lacks it
is a defect, which keeps its traceback.
"""


class DomainError(Exception):
    """A refusal; its text says why, in words that are safe to show to whoever asked."""
