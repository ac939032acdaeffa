"""The company's own words for a mail, written as Liquid templates in the program's `messages`.

Owns the small part of Liquid that they may use: values, conditions, a few filters. There are no loops and no ranges,
nothing is included, and no filter makes much of little, so that the time and the length of what comes out are bounded
by the length of the template. What comes out is text; it is escaped where it is laid out. It must not look anything up.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from sayso.core.program.document import Message
from sayso.core.program.scalars import words

if TYPE_CHECKING:
    from liquid import BoundTemplate, Environment
    from liquid.ast import Node
    from liquid.expression import Expression

LONGEST_TEMPLATE = 5000
MOST_BRACES = 200
LONGEST_OUTPUT_BYTES = 20_000
LONGEST_SUBJECT = 150
# What templates may name; a value that is not known is an empty text, any other name is a mistake.
NAMES = ("company", "friend", "advocate", "reward", "choices", "code", "link")
_TAGS = ("if", "unless", "case", "comment")
_INNER = ("content", "output", "illegal")
_FILTERS = ("default", "upcase", "downcase", "capitalize", "strip")
_DEEPEST = 10


class NotUsable(ValueError):
    """The company's words cannot be used; the message says why."""


def company_words(message: Message, values: Mapping[str, str], *, language: str) -> tuple[str, list[str]]:
    """Return the subject, empty where there is none, and the paragraphs of a mail in the company's words.

    Args:
        message: as the document has it.
        values: what the templates name, by `NAMES`.
        language: of the reader.

    Raises:
        NotUsable: a template is too long, is none, or names what there is not.
    """
    given = {name: values.get(name, "") for name in NAMES}
    subject = _rendered(words(message.subject, language), given) if message.subject else ""
    text = _rendered(words(message.text, language), given)
    paragraphs = [lines.strip() for lines in text.replace("\r\n", "\n").split("\n\n")]
    return " ".join(subject.split())[:LONGEST_SUBJECT], [each for each in paragraphs if each]


def _rendered(template: str, values: Mapping[str, str]) -> str:
    if len(template) > LONGEST_TEMPLATE:
        raise NotUsable(f"it has {len(template):,} characters; at most {LONGEST_TEMPLATE:,} are taken")
    if template.count("{") > MOST_BRACES:
        raise NotUsable(f"it has more than {MOST_BRACES} curly brackets")
    if "{{" not in template and "{%" not in template:
        return template
    # Imported when it is used: it takes long, and few processes write mails.
    from liquid.exceptions import LiquidError  # noqa: PLC0415

    try:
        return _checked(_environment().from_string(template)).render(**values)
    except (LiquidError, ArithmeticError, TypeError) as error:
        raise NotUsable((str(error).splitlines() or [type(error).__name__])[0][:200]) from None
    except RecursionError:
        raise NotUsable("it is nested too deep") from None


def _checked(template: "BoundTemplate") -> "BoundTemplate":
    """The template, if it has no range: to look for something in one takes as long as the range is."""
    from liquid.builtin.expressions.primitive import RangeLiteral  # noqa: PLC0415

    for node in template.nodes:
        if any(isinstance(each, RangeLiteral) for each in _expressions(node)):
            raise NotUsable("ranges are not known here")
    return template


def _expressions(node: "Node") -> "Iterator[Expression]":
    for each in node.expressions():
        yield from _parts(each)
    for child in node.children(None, include_partials=False):  # type: ignore[arg-type] # nothing is included
        yield from _expressions(child)


def _parts(expression: "Expression") -> "Iterator[Expression]":
    yield expression
    for child in expression.children():
        yield from _parts(child)


@cache
def _environment() -> "Environment":
    from liquid import Environment, Mode, StrictUndefined  # noqa: PLC0415

    class Small(Environment):
        output_stream_limit = LONGEST_OUTPUT_BYTES
        local_namespace_limit = LONGEST_OUTPUT_BYTES
        loop_iteration_limit = 1
        context_depth_limit = _DEEPEST
        block_nesting_limit = _DEEPEST

    made = Small(tolerance=Mode.STRICT, undefined=StrictUndefined, strict_filters=True)
    made.tags = {name: made.tags[name] for name in (*_TAGS, *_INNER)}
    made.filters = {name: made.filters[name] for name in _FILTERS}
    return made
