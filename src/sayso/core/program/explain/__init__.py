"""The written program in plain sentences: English, Spanish, Italian and Dutch."""

from sayso.core.program.explain.explanation import Explanation, Section, Sentence
from sayso.core.program.explain.program import explain

__all__ = ["Explanation", "Section", "Sentence", "explain"]
