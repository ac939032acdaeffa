"""The templates in which a program writes its own words for mails: the small part of Liquid that they may use.

Owns what a template may hold, what is wrong with one, and the filling in. There are no loops and no ranges, nothing is
included, and no filter makes much of little, so that the time and the length of what comes out are bounded by the
length of the template. It must not know where a value comes from, nor escape anything: what comes out is text.

The library is imported where it is used: that takes long, and most processes never need it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sayso.core.program.vocabulary import nearest

if TYPE_CHECKING:
    from liquid import BoundTemplate, Environment
    from liquid.ast import Node
    from liquid.exceptions import LiquidError
    from liquid.expression import Expression

# The mails for which a program may have words of its own, by their names in `messages`.
MAILS = ("welcome", "friend_joined", "reward_to_choose", "reward_ready", "lead")
# What templates may name; a value that is not known is an empty text, any other name is a mistake.
NAMES = ("company", "friend", "advocate", "reward", "choices", "code", "link")
LONGEST_TEMPLATE = 5000
MOST_BRACES = 200
LONGEST_OUTPUT_BYTES = 20_000
MOST_FLAWS = 10
_TAGS = ("if", "unless", "case", "comment")
_INNER = ("content", "output", "illegal")
_FILTERS = ("default", "upcase", "downcase", "capitalize", "strip")
_DEEPEST = 10


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a template.

    Attributes:
        index: at which of its characters; -1 for nowhere in particular.
        instead: what to write there; empty when there is no one answer.
    """

    index: int
    message: str
    instead: str = ""


class NotUsable(ValueError):
    """A template cannot be used; the message says why."""


def render_template(template: str, values: Mapping[str, str]) -> str:
    """Return a template with its values filled in.

    Args:
        values: by `NAMES`; all of them, empty where nothing is known.

    Raises:
        NotUsable: it is too long, is no template, or names what there is not.
    """
    if flaw := _bulk(template):
        raise NotUsable(flaw.message)
    if _is_plain(template):
        return template
    from liquid.exceptions import LiquidError  # noqa: PLC0415

    try:
        return _filled(_environment().from_string(template), values)
    except LiquidError as error:
        raise NotUsable(_first_line(error)) from None
    except RecursionError:
        raise NotUsable("it is nested too deep") from None


def _filled(read: "BoundTemplate", values: Mapping[str, str]) -> str:
    from liquid.exceptions import LiquidError  # noqa: PLC0415

    if _has_ranges(read):
        raise NotUsable("ranges are not known here")
    try:
        return read.render(**values)
    except (LiquidError, ArithmeticError, TypeError) as error:
        raise NotUsable(_first_line(error)) from None


def flaws_of(template: str) -> list[Flaw]:
    """Return everything that is wrong with a template, found without filling it in."""
    if flaw := _bulk(template):
        return [flaw]
    if _is_plain(template):
        return []
    from liquid.exceptions import LiquidError  # noqa: PLC0415

    try:
        read = _environment().from_string(template)
        return sorted(_unknown(read), key=lambda each: each.index)[:MOST_FLAWS] or _refused(read)
    except LiquidError as error:
        return [_unreadable(error)]
    except RecursionError:
        return [Flaw(-1, "it is nested too deep")]


def _is_plain(template: str) -> bool:
    return "{{" not in template and "{%" not in template


def _bulk(template: str) -> Flaw | None:
    if len(template) > LONGEST_TEMPLATE:
        return Flaw(-1, f"it has {len(template):,} characters; at most {LONGEST_TEMPLATE:,} are taken")
    if template.count("{") > MOST_BRACES:
        return Flaw(-1, f"it has more than {MOST_BRACES} curly brackets")
    return None


def _unknown(template: "BoundTemplate") -> Iterator[Flaw]:
    """Names and filters that there are not."""
    found = template.analyze()
    for name, places in found.globals.items():
        for place in places:
            if name not in NAMES:
                yield Flaw(place.span.index, f"there is no {name}, only {', '.join(NAMES)}", nearest(name, NAMES) or "")
            elif len(place.segments) > 1:
                yield Flaw(place.span.index, f"{name} is a text and has no parts", name)
    for name, spans in found.filters.items():
        if name not in _FILTERS:
            message = f"there is no filter {name}, only {', '.join(_FILTERS)}"
            yield from (Flaw(each.index, message, nearest(name, _FILTERS) or "") for each in spans)


def _refused(read: "BoundTemplate") -> list[Flaw]:
    """What shows only when it is filled in: a range, a filter with too many words."""
    for value in ("", "x"):
        try:
            _filled(read, dict.fromkeys(NAMES, value))
        except NotUsable as error:
            return [Flaw(-1, str(error))]
    return []


def _unreadable(error: "LiquidError") -> Flaw:
    token, said = error.token, _first_line(error)
    index = token.start_index if token else -1
    if token and said.startswith("unexpected tag "):
        if token.value.startswith(("end", "else", "elsif", "when")):
            return Flaw(index, f"{{% {token.value} %}} closes or parts nothing here")
        message = f"there is no tag {token.value}, only {', '.join(_TAGS)}"
        return Flaw(index, message, nearest(token.value, _TAGS) or "")
    if said.startswith("expected tag "):
        closing = f"{{% {said.removeprefix('expected tag ').partition(',')[0]} %}}"
        return Flaw(index, f"{closing} is missing", closing)
    return Flaw(index, said)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _has_ranges(template: "BoundTemplate") -> bool:
    """Whether it has a range: to look for something in one takes as long as the range is."""
    from liquid.builtin.expressions.primitive import RangeLiteral  # noqa: PLC0415

    return any(isinstance(each, RangeLiteral) for node in template.nodes for each in _expressions(node))


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
