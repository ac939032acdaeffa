"""Write the kept explanations anew: `python -m tests.core.program.keep_explanations`, with `src` on the path.

Owns which programs are kept and where. Read the difference before it is committed: these are sentences for people.
"""

from functools import cache
from pathlib import Path

from sayso.core.program.explain import Explanation, explain
from sayso.core.program.explain.voice import Language
from sayso.core.program.parse import Parsed
from tests.core.documents import EXAMPLES, faultless

HERE = Path(__file__).parent
KEPT = HERE / "explanations"
EVERYTHING = HERE / "everything.yaml"
PROGRAMS = [*EXAMPLES, EVERYTHING]
READERS: tuple[Language, ...] = ("en", "es", "it", "nl")


def read(program: Path) -> Parsed:
    """A program that has been read, without any error."""
    return faultless(program.read_text(encoding="utf-8"))


@cache
def explanation(program: Path, language: Language) -> Explanation:
    """A program in sentences."""
    parsed = read(program)
    assert parsed.document is not None
    return explain(parsed.document, parsed.conditions, language=language)


def explained(program: Path, language: Language) -> str:
    """The same as text."""
    return explanation(program, language).as_text()


def kept(program: Path, language: Language) -> Path:
    """Where the explanation of a program is kept."""
    return KEPT / f"{program.stem}.{language}.txt"


def keep() -> None:
    """Write every explanation, and remove those whose program is gone."""
    KEPT.mkdir(exist_ok=True)
    wanted = {kept(program, language): (program, language) for program in PROGRAMS for language in READERS}
    for stale in set(KEPT.glob("*.txt")) - set(wanted):
        stale.unlink()
    for path, (program, language) in wanted.items():
        path.write_text(explained(program, language), encoding="utf-8")


if __name__ == "__main__":
    keep()
