"""Makes what is not kept in the repository: the words of the web, compiled. Run by the build of a wheel and by an
installation from the sources; by hand it is `python hatch_build.py`.

It must not need Sayso itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WORDS = Path(__file__).resolve().parent / "src" / "sayso" / "web" / "locale"


def compile_words() -> None:
    """Write each language's words as gettext reads them, beside what was translated.

    Raises:
        ValueError: a file of words cannot be read.
    """
    for source in sorted(WORDS.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as file:
            found = read_po(file, abort_invalid=True)
        with source.with_suffix(".mo").open("wb") as out:
            write_mo(out, found)


class Words(BuildHookInterface[Any]):
    """The step of the build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before anything is packed."""
        compile_words()
        build_data["artifacts"].append("src/sayso/web/locale/**/*.mo")


if __name__ == "__main__":
    compile_words()
