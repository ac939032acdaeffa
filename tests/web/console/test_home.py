"""Home says how each budget stands, and what waits for a person by the document's names, with the command for it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils.translation import gettext, override

from sayso.domains.insight.reviews import rewards_to_review
from sayso.domains.rewards.queries import rewards_in_state
from sayso.domains.workspaces.ids import public_id
from tests.domains.cast import open_bluebell
from tests.domains.rewards.gifts import GIFTS, buys
from tests.web.console.test_pages import LANGUAGES, enter, page

pytestmark = pytest.mark.django_db(transaction=True)

QUARTERLY = GIFTS.replace("{amount: 100 EUR}", "{amount: 50 EUR, per: quarter}").replace("gift_card: 20", "credit: 20")
LOOKED_AT = GIFTS.replace("{gift_card: 20 EUR}}", "{gift_card: 20 EUR}, review: true}")
NAMED = f"{LOOKED_AT}names: {{card: {{en: Thank-you card, nl: Bedankkaart}}}}\n"


def text(shown: str) -> str:
    """What is read of a page: without markup, in single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", shown))


def test_a_budget_that_holds_is_told_and_all_is_well(client: Client) -> None:
    bluebell = open_bluebell(QUARTERLY)
    shown = text(page(enter(client, bluebell)))
    assert "Budget: €50 left of €50" in shown
    assert "All is well" in shown


@pytest.mark.parametrize(
    ("language", "left", "waits"),
    [
        ("en", "Budget: €10 left of €50", "2 rewards wait for it (€40)"),
        ("nl", "Budget: nog € 10 van € 50", "2 beloningen wachten erop (€ 40)"),
        ("es", "Presupuesto: quedan 10 € de 50 €", "2 recompensas lo esperan (40 €)"),
        ("it", "Budget: restano 10 € di 50 €", "2 premi lo aspettano (40 €)"),
    ],
)
def test_rewards_that_wait_for_a_spent_budget_are_not_all_is_well(
    client: Client, language: str, left: str, waits: str
) -> None:
    bluebell = open_bluebell(QUARTERLY)
    buys(bluebell, "Ada", "Ben", "Eva", "Dario")
    shown = text(page(enter(client, bluebell, language)))
    assert left in shown
    assert waits in shown
    with override(language):
        assert gettext("Rewards wait for the budget") in shown
        assert gettext("All is well") not in shown


def test_a_reward_to_review_goes_by_its_names_and_has_its_command(client: Client) -> None:
    bluebell = open_bluebell(NAMED)
    buys(bluebell, "Ada")
    (found,) = rewards_to_review(bluebell, language="nl", limit=20)
    assert (found.program, found.clause, found.cost) == ("Gifts", "Bedankkaart", "€\u00a020")
    number = public_id("rew", rewards_in_state(bluebell, "in_review").get().id)
    shown = text(page(enter(client, bluebell)))
    assert "Ada · Thank-you card" in shown
    assert f"sayso rewards approve {number} --workspace bluebell" in shown
    assert "sayso rewards deny rew_…" in shown


def test_a_reward_without_a_name_goes_by_what_it_gives() -> None:
    bluebell = open_bluebell(LOOKED_AT)
    buys(bluebell, "Ada")
    (found,) = rewards_to_review(bluebell, language="nl", limit=20)
    assert found.clause == "een cadeaukaart van €\u00a020"


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_is_not_told_as_many(client: Client, language: str) -> None:
    bluebell = open_bluebell(LOOKED_AT)
    buys(bluebell, "Ada")
    said = {"en": "1reward for", "es": "1recompensa que", "it": "1premio che", "nl": "1beloning waar"}[language]
    assert said in text(page(enter(client, bluebell, language)))
