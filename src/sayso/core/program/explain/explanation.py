"""What an explanation is: sections of sentences, each tied to the place in the document that it speaks of.

Owns the shape and how it reads as plain text. It must not write a sentence.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """One or more sentences about one place of the document.

    text: what it means, in the reader's language.
    path: the place, `rewards.thanks`; sentences of one place stand together.
    """

    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the program under a title; `key` names it for machines."""

    key: str
    title: str
    sentences: tuple[Sentence, ...]

    def paragraphs(self) -> list[str]:
        """The sentences, joined where they speak of the same place."""
        joined: list[tuple[str, str]] = []
        for sentence in self.sentences:
            if joined and joined[-1][0] == sentence.path:
                joined[-1] = (sentence.path, f"{joined[-1][1]} {sentence.text}")
            else:
                joined.append((sentence.path, sentence.text))
        return [text for _, text in joined]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A whole program in plain sentences."""

    language: str
    sections: tuple[Section, ...]

    def as_text(self) -> str:
        """The explanation as text: a title, its paragraphs, an empty line."""
        blocks = ["\n".join([section.title, "", *section.paragraphs()]) for section in self.sections]
        return "\n\n".join(blocks) + "\n"
