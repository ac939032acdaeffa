"""The app as Django sees it."""

from django.apps import AppConfig


class RewardsConfig(AppConfig):
    """Rewards, and their handing over."""

    name = "sayso.domains.rewards"
    label = "rewards"

    def ready(self) -> None:
        """Listen to what happens to rewards, and see to the orders that need nobody outside."""
        from sayso.domains.jobs.duties import Duty, register_duty
        from sayso.domains.jobs.relay import register_consumer
        from sayso.domains.rewards.fulfilment.generated import Generated
        from sayso.domains.rewards.fulfilment.here import hand_over_here
        from sayso.domains.rewards.fulfilment.place import OrdersConsumer
        from sayso.domains.rewards.fulfilment.pool import FromPool
        from sayso.domains.rewards.fulfilment.port import register_local
        from sayso.domains.rewards.models import Way

        register_local(Way.POOL, FromPool())
        register_local(Way.GENERATED, Generated())
        register_consumer(OrdersConsumer())
        register_duty(Duty("orders", hand_over_here, every_seconds=1))
