"""The whole program in plain sentences, section by section, in the reader's language.

Owns which sections there are and their order. It must not decide anything: it reads a document that was checked.
"""

from collections.abc import Mapping

from sayso.core.program.conditions import Condition
from sayso.core.program.document import Document
from sayso.core.program.explain.explanation import Explanation
from sayso.core.program.explain.frame import budget_section, guard_section, program_section
from sayso.core.program.explain.loyalty import badges_section, points_section, tiers_section
from sayso.core.program.explain.outreach import asking_section, messages_section, page_section
from sayso.core.program.explain.people import people_section, score_section
from sayso.core.program.explain.referral import referral_section
from sayso.core.program.explain.rewards import rewards_section
from sayso.core.program.explain.sharing import sharing_section
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.voice import Language, voice_of


def explain(document: Document, conditions: Mapping[str, Condition], *, language: Language) -> Explanation:
    """What a program means, in sentences.

    conditions: the document's conditions by their place, `people.advocates`, `rewards.thanks.if`.
    """
    reader = Reader(voice_of(language), document)
    sections = (
        program_section(reader),
        people_section(reader, conditions),
        score_section(reader, conditions),
        referral_section(reader, conditions),
        rewards_section(reader, conditions),
        points_section(reader, conditions),
        tiers_section(reader),
        badges_section(reader, conditions),
        budget_section(reader),
        asking_section(reader, conditions),
        messages_section(reader),
        page_section(reader),
        sharing_section(reader),
        guard_section(reader),
    )
    return Explanation(language, tuple(section for section in sections if section))
