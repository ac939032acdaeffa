"""The app as Django sees it."""

from django.apps import AppConfig


class RewardsConfig(AppConfig):
    """Rewards."""

    name = "sayso.domains.rewards"
    label = "rewards"
