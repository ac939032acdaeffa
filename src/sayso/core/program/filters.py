"""A condition as a filter over people: for each name that it asks for, where among what is remembered the value stands.

Owns that list of places, and what cannot be asked of a set of people. What a name means is `core.engine.scope`'s, and a
property test holds the two together. It must not know a database.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from sayso.core.domain_error import DomainError
from sayso.core.program.conditions import Condition
from sayso.core.program.document import Document, HandKept
from sayso.core.program.problems import Problem
from sayso.core.program.tree import Arithmetic, Call, Compare, Flag, Leaf, Name, Node, Term, Value, leaves
from sayso.core.program.values import Duration
from sayso.core.program.vocabulary import NEW_FOR, PEOPLE

# Each division may double the text by which a database compares exactly.
MOST_DIVISIONS = 8


@dataclass(frozen=True, slots=True)
class Own:
    """What the member's own row says; an empty text is unknown."""

    column: Literal["tags", "groups", "joined_at", "country", "language"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """What the company says of the member under a name; unknown where it is missing or of another type."""

    key: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How often something happened, or what it came to, over local days up to today; 0 where it never did.

    Attributes:
        measure: what is tallied, a type of event or a name made by the engine.
        currency: of what it came to, in minor units; None for how often it happened, in whatever currency.
        within: how far back; None for ever.
    """

    measure: str
    currency: str | None = None
    within: Duration | None = None


@dataclass(frozen=True, slots=True)
class Absent:
    """Whether it never happened."""

    counted: Counted


@dataclass(frozen=True, slots=True)
class Latest:
    """The start of the local day on which something happened last; unknown where it never did."""

    measure: str


@dataclass(frozen=True, slots=True)
class Balance:
    """What the member may spend of a unit; 0 without a wallet."""

    unit: str


@dataclass(frozen=True, slots=True)
class Tier:
    """The tier held in a program when today began (SEMANTICS 13); unknown before the first."""

    program: str


@dataclass(frozen=True, slots=True)
class Score:
    """The sum of the points of all signals that are met."""

    signals: tuple[tuple[int, "PeopleFilter"], ...]


@dataclass(frozen=True, slots=True)
class Constant:
    """A text that is the same for everybody."""

    text: str


Place = Own | Attribute | Counted | Absent | Latest | Balance | Tier | Score | Constant


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Who meets a condition.

    Attributes:
        tree: the condition; a leaf that meets an unknown value is not met (SEMANTICS 42).
        places: where each of its names is found, by the name's path.
    """

    tree: Node
    places: Mapping[str, Place]


class NotOfPeople(DomainError, ValueError):
    """A condition that cannot be asked of a set of people; `problems` says why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(map(str, self.problems)))


def group_filter(group: str, document: Document, conditions: Mapping[str, Condition]) -> PeopleFilter:
    """Who is in a group, kept by hand or by its condition (SEMANTICS 37).

    Args:
        group: its name in the document.
        document: a program that has passed its check.
        conditions: those of the document, by their paths.

    Raises:
        KeyError: the document has no such group.
        NotOfPeople: its condition cannot be asked of a set of people.
    """
    if isinstance(document.people.groups[group], HandKept):
        name = Name("member", "groups", "tags")
        return PeopleFilter(Compare("in", Value(group, "text"), name), {name.path: Own("groups")})
    return condition_filter(f"people.groups.{group}", document, conditions)


def condition_filter(path: str, document: Document, conditions: Mapping[str, Condition]) -> PeopleFilter:
    """Who meets the condition at a path of the document; the parameters are otherwise those of `group_filter`.

    Raises:
        KeyError: there is no condition at this path.
        NotOfPeople: it asks for an event, a referral or two people at once, or divides too often.
    """
    condition = conditions[path]
    problems = [Problem(0, 0, path, message) for message in _problems(condition)]
    if problems:
        raise NotOfPeople(problems)
    return PeopleFilter(condition.tree, {name.path: _place(name, document, conditions) for name in condition.names})


def _problems(condition: Condition) -> Iterable[str]:
    names = sorted(condition.names, key=lambda name: name.path)
    for name in names:
        if name.role in ("event", "referral"):
            yield f"{name.path} is known of one {name.role}, not of a person; a list of people cannot ask for it."
    asked = [name for name in names if name.role in PEOPLE]
    other = next((name for name in asked if name.role != asked[0].role), None)
    if other:
        yield f"{asked[0].path} and {other.path} are two people's; a list of people asks about one at a time."
    if any(_divisions(leaf) > MOST_DIVISIONS for leaf in leaves(condition.tree)):
        yield f"One comparison divides more than {MOST_DIVISIONS} times; a list of people cannot follow it."


def _divisions(part: Leaf | Term) -> int:
    match part:
        case Arithmetic():
            return (part.operator == "/") + _divisions(part.left) + _divisions(part.right)
        case Compare():
            return _divisions(part.left) + _divisions(part.right)
        case Call():
            return _divisions(part.argument)
        case Name() | Value() | Flag():
            return 0


def _place(name: Name, document: Document, conditions: Mapping[str, Condition]) -> Place:
    if name.role == "program":
        return Constant(document.program)
    if name.field == "score":
        signals = document.score.items()
        return Score(
            tuple((each.points, condition_filter(f"score.{key}.if", document, conditions)) for key, each in signals)
        )
    return _known_of_everybody(name.field, document) or _declared(name.field, document)


def _known_of_everybody(field: str, document: Document) -> Place | None:
    match field:
        case "tags" | "country" | "language":
            return Own(field)
        case "joined":
            return Own("joined_at")
        case "last_score":
            return Attribute(field)
        case "friends_joined":
            return Counted(field)
        case "tier":
            return Tier(document.program)
        case "points":
            return Balance(document.points.unit if document.points else "")
        case "is_new":
            return Absent(Counted("purchase", within=NEW_FOR))
    return None


def _declared(field: str, document: Document) -> Place:
    fact = document.facts.get(field)
    if fact is not None:
        return Counted(fact.event, document.currency if fact.sum else None, fact.within)
    if field in document.attributes:
        return Attribute(field)
    return Latest(field.removeprefix("last_"))
