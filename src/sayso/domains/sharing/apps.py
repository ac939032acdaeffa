"""The app as Django sees it."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Referral codes."""

    name = "sayso.domains.sharing"
    label = "sharing"
