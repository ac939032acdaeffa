"""Every error that a route of the API can meet has its answer, or is told to be a defect."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import sayso.web.api
from sayso.core.domain_error import DomainError
from sayso.domains.decisions.clock import NotATest
from sayso.web.problems import ANSWERS, refusal_of

# Errors that are turned into something else before they get out.
NEVER_MET = {"Undecided"}


def modules() -> set[str]:
    """The modules of the domains that routes import."""
    found = set()
    for path in Path(sayso.web.api.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sayso.domains."):
                found.add(node.module or "")
    return found


def errors() -> Iterator[type[Exception]]:
    """Every error that one of these modules defines or names."""
    for name in modules():
        for value in vars(importlib.import_module(name)).values():
            if isinstance(value, type) and issubclass(value, DomainError) and value is not DomainError:
                yield value


def test_every_error_that_a_route_can_meet_has_an_answer() -> None:
    found = set(errors())
    assert len(found) > 20
    assert {each.__name__ for each in found if each not in ANSWERS} - NEVER_MET == set()


def test_what_is_not_in_the_table_tells_nothing() -> None:
    assert refusal_of(KeyError("secret")) is None


def test_the_name_of_a_problem_and_its_sentence_can_be_read() -> None:
    told = refusal_of(NotATest("give.credit: 5 is no amount"))
    assert told is not None
    assert (told.kind, told.detail) == ("not-a-test", "give.credit: 5 is no amount.")


def test_an_error_becomes_a_problem_with_a_stable_name() -> None:
    for kind, row in ANSWERS.items():
        assert row.title.endswith(".")
        assert 400 <= row.status < 500 or row.status == 503
        assert kind.__doc__
