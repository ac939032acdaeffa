"""Which version says how points expire; the rules about programs that share points are scenarios."""

from sayso.core.engine.compile import compile_program
from sayso.core.engine.rulebook import CompiledProgram, Edition, Rulebook
from sayso.core.program.calendar import Calendar
from sayso.core.program.review import check_program

CALENDAR = Calendar("Europe/Madrid")
SHOP = "{sayso: 1, program: shop, title: Shop, currency: EUR, points: {unit: stars, expire: {after: 2 months}}}"


def version(text: str, edition: Edition) -> CompiledProgram:
    parsed = check_program(text)
    assert parsed.document is not None
    return compile_program(parsed.document, parsed.conditions, CALENDAR, edition)


def months(rulebook: Rulebook, moment: int, position: int) -> int:
    found = rulebook.expiry("stars", moment, position)
    assert found is not None
    return found.after.months


def test_a_version_that_does_not_hold_yet_says_nothing_about_expiry() -> None:
    later = version(SHOP.replace("2 months", "6 months"), Edition(version=2, valid_from=1_000, position=10))
    rulebook = Rulebook([version(SHOP, Edition()), later], CALENDAR)

    assert months(rulebook, 999, 20) == 2
    assert months(rulebook, 1_000, 20) == 6
    assert months(rulebook, 1_000, 10) == 2, "an event before its publication never sees it"


def test_points_that_no_program_names_do_not_expire() -> None:
    assert Rulebook([version(SHOP, Edition())], CALENDAR).expiry("beans", 0, 1) is None
