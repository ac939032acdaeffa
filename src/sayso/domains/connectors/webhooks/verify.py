"""What must hold of deliveries (promises 7 and 10 of DESIGN 8), as queries that find what breaks it.

It must not repair anything.
"""

from sayso.core.engine.events import SPAN
from sayso.domains.workspaces.promises import Check

CHECKS = (
    Check(
        7,
        "delivery",
        "one notice has {1} deliveries to the endpoint {0}, under several ids",
        """SELECT MAX(number), endpoint, COUNT(*) FROM webhooks_delivery
        WHERE workspace_id = %(workspace)s AND notice > 0 GROUP BY notice, endpoint HAVING COUNT(*) > 1""",
    ),
    Check(
        7,
        "delivery",
        "its notice was taken over and waits to be taken over again",
        """SELECT d.number FROM webhooks_delivery d
        JOIN jobs_notice n ON n.number = d.notice AND n.workspace_id = %(workspace)s
        WHERE d.workspace_id = %(workspace)s ORDER BY d.number""",
    ),
    Check(
        7,
        "delivery",
        "it waits for an endpoint that is enabled, and nothing is planned",
        """SELECT d.number FROM webhooks_delivery d
        JOIN webhooks_endpoint e ON e.number = d.endpoint AND e.workspace_id = %(workspace)s AND e.disabled_at = 0
        WHERE d.workspace_id = %(workspace)s AND d.state = 'pending' AND d.next_at = 0 ORDER BY d.number""",
    ),
    Check(
        7,
        "delivery",
        "it tells of the event {0}, which is not in the log",
        f"""SELECT d.number, d.notice / {SPAN} FROM webhooks_delivery d
        WHERE d.workspace_id = %(workspace)s AND d.notice > 0 AND NOT EXISTS (
            SELECT 1 FROM events_event v WHERE v.position = d.notice / {SPAN} AND v.workspace_id = %(workspace)s
        ) ORDER BY d.number""",  # noqa: S608
    ),
    Check(
        10,
        "delivery",
        "it goes to the endpoint {0} of another workspace",
        """SELECT d.number, d.endpoint FROM webhooks_delivery d
        JOIN webhooks_endpoint o ON o.number = d.endpoint AND o.workspace_id <> %(workspace)s
        WHERE d.workspace_id = %(workspace)s AND NOT EXISTS (
            SELECT 1 FROM webhooks_endpoint e WHERE e.number = d.endpoint AND e.workspace_id = %(workspace)s
        ) ORDER BY d.number""",
    ),
)
