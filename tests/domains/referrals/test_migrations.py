"""What a referral knew before a form of it changed is known after."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from sayso.domains.decisions.verify import verify
from sayso.domains.referrals.models import Referral
from tests.domains.cast import decide, event, open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)

TWO_STEPS = """
sayso: 1
program: friends
title: Friends
currency: EUR
referral: {steps: {confirmed: {on: confirmed}, bought: {on: purchase}}, success: bought}
rewards: {thanks: {to: advocate, at: bought, give: {credit: 20 EUR}}}
"""


def test_an_order_that_waited_for_its_turn_still_does() -> None:
    migration = import_module("sayso.domains.referrals.migrations.0007_several_early")
    bluebell = open_bluebell(TWO_STEPS)
    bought = event("b-1", "purchase", "Ben", after=timedelta(hours=2), amount_minor=2500)
    ada = event("a-1", "member_updated", "Ada", props={"code": "ADA"})
    decide(bluebell, [ada, event("s-1", "signup", "Ben", after=timedelta(hours=1), referral_code="ADA"), bought])
    several = Referral.objects.get().early
    migration.keep_the_first(apps, None)
    assert Referral.objects.get().early != several
    migration.keep_as_the_first_of_several(apps, None)
    decide(bluebell, [event("c-1", "confirmed", "Ben", after=timedelta(hours=3))])
    assert Referral.objects.get().status == "completed"
    assert verify(bluebell) == []
