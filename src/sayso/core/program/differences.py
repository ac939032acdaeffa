"""Where two versions of a document differ: every place, whether something was added, removed or changed there.

Owns the walk through both documents. It must not say what a difference means.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sayso.core.program.document import Document, Section
from sayso.core.program.scalars import is_words

Kind = Literal["added", "removed", "changed"]
Path = tuple[str, ...]

# Mappings whose keys are names of the company's own and whose values are text; other mappings to text are Text.
_NAMED_TEXTS: frozenset[Path] = frozenset({("people", "groups"), ("asking", "through"), ("attributes",)})


@dataclass(frozen=True, slots=True)
class Difference:
    """One place at which two documents differ.

    path: as it is written, `("rewards", "thanks", "hold")`; list items by number.
    old, new: the values; None where there is none. order: the values are names whose order changed.
    """

    path: Path
    kind: Kind
    old: Any
    new: Any
    order: bool = False


def differences(old: Document, new: Document) -> list[Difference]:
    """Every difference, in the order of the document; empty only when both are the same, order included."""
    return list(_sections(old, new, ()))


def _sections(old: Section, new: Section, path: Path) -> Iterator[Difference]:
    for name, field in type(old).model_fields.items():
        yield from _values(getattr(old, name), getattr(new, name), (*path, field.alias or name))


def _values(old: Any, new: Any, path: Path) -> Iterator[Difference]:
    if isinstance(old, Section) and type(old) is type(new):
        yield from _sections(old, new, path)
    elif isinstance(old, Mapping) and isinstance(new, Mapping) and not is_text(old, new, path):
        yield from _mappings(old, new, path)
    elif isinstance(old, list) and isinstance(new, list) and not any(isinstance(item, str) for item in [*old, *new]):
        yield from _mappings(_numbered(old), _numbered(new), path)
    elif old != new:
        yield Difference(path, _kind(old, new), old, new)


def is_text(old: Mapping[Any, Any], new: Mapping[Any, Any], path: Path) -> bool:
    """Whether both are words in several languages, which differ as a whole."""
    return path not in _NAMED_TEXTS and (is_words(old) or not old) and (is_words(new) or not new) and bool(old or new)


def _numbered(items: list[Any]) -> dict[str, Any]:
    return {str(number): item for number, item in enumerate(items)}


def _mappings(old: Mapping[Any, Any], new: Mapping[Any, Any], path: Path) -> Iterator[Difference]:
    for key in [*old, *(key for key in new if key not in old)]:
        yield from _values(old.get(key), new.get(key), (*path, str(key)))
    before, after = [str(key) for key in old if key in new], [str(key) for key in new if key in old]
    if before != after:
        yield Difference(path, "changed", tuple(map(str, old)), tuple(map(str, new)), order=True)


def _kind(old: Any, new: Any) -> Kind:
    if old is None:
        return "added"
    return "removed" if new is None else "changed"
