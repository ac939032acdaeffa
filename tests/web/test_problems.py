"""Every error of the domains has its answer, or is told to be a defect."""

import importlib
import pkgutil
from collections.abc import Iterator

import sayso.domains
from sayso.web.problems import ANSWERS, refusal_of

# Errors that no request can meet: of commands, of the inside, or turned into something else before they get out.
NEVER_MET = {
    "BackupNotUsable", "BackupThere", "BrokenVersion", "Cancelled", "LeaseLost", "NameNotUsable", "NameTaken",
    "NoFolder", "NotAnswered", "NotEmpty", "NotTranslated", "PromisesBroken", "TooBusy", "Unanswered", "Undecided",
    "UnknownTimeZone", "Unreachable",
}  # fmt: skip


def errors() -> Iterator[type[Exception]]:
    """Every error that a domain defines."""
    for found in pkgutil.walk_packages(sayso.domains.__path__, "sayso.domains."):
        if ".migrations" in found.name:
            continue
        module = importlib.import_module(found.name)
        for value in vars(module).values():
            public = isinstance(value, type) and issubclass(value, Exception) and not value.__name__.startswith("_")
            if public and value.__module__ == found.name:
                yield value


def test_every_error_of_the_domains_has_an_answer() -> None:
    unknown = {each.__name__ for each in errors() if each not in ANSWERS} - NEVER_MET
    assert unknown == set()


def test_what_is_not_in_the_table_tells_nothing() -> None:
    assert refusal_of(KeyError("secret")) is None


def test_an_error_becomes_a_problem_with_a_stable_name() -> None:
    for kind, row in ANSWERS.items():
        assert row.title.endswith(".")
        assert 400 <= row.status < 500
        assert kind.__doc__
