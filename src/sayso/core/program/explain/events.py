"""How events are spoken of: the words for well-known ones, and a fair phrase for any name of the company's own.

Owns the shape of those words. The words themselves stand in `phrases`; nothing here knows a program.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Nouns:
    """How a language makes a noun phrase: `a` purchase, `each` purchase, `the last` purchase; `{}` is the noun."""

    a: str
    each: str
    last: str


@dataclass(frozen=True, slots=True)
class EventWords:
    """The words for one type of event, each as it follows "whoever" (in Dutch: with the verb at the end).

    nouns: how its noun takes articles.
    one, many: the noun, "purchase" and "purchases".
    does: the deed now, "makes a purchase".
    done, undone: that it happened, or never did, "bought" and "bought nothing".
    has: that it happened `{quantity}` times, "made {quantity}".
    spends, spent: the deed with an `{amount}` of money, where there is a word for it.
    per_money: what a rate is for, "for every {money} spent", where there is a word for it.
    """

    nouns: Nouns
    one: str
    many: str
    does: str
    done: str
    undone: str
    has: str
    spends: str = ""
    spent: str = ""
    per_money: str = ""

    @property
    def a(self) -> str:
        """With the indefinite article."""
        return self.nouns.a.format(self.one)

    @property
    def each(self) -> str:
        """Every single one."""
        return self.nouns.each.format(self.one)

    @property
    def last(self) -> str:
        """The latest one."""
        return self.nouns.last.format(self.one)
