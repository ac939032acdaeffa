"""The app as Django sees it."""

from importlib import import_module

from django.apps import AppConfig


class RewardsConfig(AppConfig):
    """Rewards, and their handing over."""

    name = "sayso.domains.rewards"
    label = "rewards"

    def ready(self) -> None:
        """Listen to what happens to rewards, and see to the orders that need nobody outside."""
        relay, duties = (import_module(f"sayso.domains.jobs.{name}") for name in ("relay", "duties"))
        place, port, pool, generated, deliver = (
            import_module(f"sayso.domains.rewards.fulfilment.{name}")
            for name in ("place", "port", "pool", "generated", "deliver")
        )
        port.register_local("pool", pool.FromPool())
        port.register_local("generated", generated.Generated())
        relay.register_consumer(place.OrdersConsumer())
        duties.register_duty(duties.Duty("orders", deliver.hand_over_here, every_seconds=1))
