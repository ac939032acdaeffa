"""Whether one gift fits a program that did not promise it: what staff give on their own word (SEMANTICS 36).

Owns nothing but that question: the rules are those of a reward in the document.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sayso.core.program.document import Clause, Gift
from sayso.core.program.parse import Parsed
from sayso.core.program.problems import Problem
from sayso.core.program.review import review
from sayso.core.program.values import Percent, Rate
from sayso.core.program.vocabulary import nearest

_NAME = "on_their_word"
_PLACE = f"rewards.{_NAME}.give"
_SAMPLE = "{credit: 10 EUR}"


def gift_problems(parsed: Parsed, give: Mapping[str, Any]) -> list[Problem]:
    """Return what keeps a gift from being given within a program.

    Args:
        parsed: the program, which has passed its check.
        give: the gift as a program writes it: `{credit: 10 EUR}`.
    """
    assert parsed.document is not None
    try:
        gift = Gift.model_validate(dict(give))
    except ValidationError as error:
        return [_unreadable(each) for each in error.errors(include_url=False)]
    if gift.kind != "percentage" and isinstance(gift.value, Percent | Rate):
        return [Problem(0, 0, f"give.{gift.kind}", "There is no amount of which this could be a share.")]
    clause = Clause.model_validate({"to": "member", "on": "granted", "give": gift})
    rewards = {**parsed.document.rewards, _NAME: clause}
    reviewed = review(replace(parsed, document=parsed.document.model_copy(update={"rewards": rewards}), problems=[]))
    return [
        Problem(0, 0, each.path.replace(_PLACE, "give"), each.message, each.instead)
        for each in reviewed.errors
        if each.path.startswith(_PLACE) or each not in parsed.problems
    ]


def _unreadable(detail: ErrorDetails) -> Problem:
    path, key = ".".join(map(str, ("give", *detail["loc"]))), str((*detail["loc"], "")[0])
    if detail["type"] == "extra_forbidden":
        near = nearest(key, Gift.model_fields)
        said = "Staff give one thing: there is nothing to choose" if key == "choice" else f"There is no {key} in a gift"
        return Problem(0, 0, path, f"{said}.", near or _SAMPLE)
    if detail["type"] != "value_error":
        return Problem(0, 0, path, f"{detail['input']!r} has no place here.", _SAMPLE)
    said, _, instead = str(detail["ctx"]["error"]).partition("; write ")
    return Problem(0, 0, path, f"{said[:1].upper()}{said[1:]}.", instead or _SAMPLE)
