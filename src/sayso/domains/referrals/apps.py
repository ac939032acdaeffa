"""The app as Django sees it."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """Referrals and participations."""

    name = "sayso.domains.referrals"
    label = "referrals"
