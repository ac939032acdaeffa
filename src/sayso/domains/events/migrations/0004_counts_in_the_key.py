"""On PostgreSQL the key of the tallies holds the counts too.

A member's tallies of many days lie on as many pages of the table, since rows lie in the order in which they came; in
the key they lie side by side. So an event among millions of members reads one page instead of one for each day. What
is read from the key alone must be known as visible to everybody, which vacuum notes: after so much as a fiftieth of
the table was added, and not after a fifth.
"""

from typing import Any

from django.db import migrations

_KEY = "subject, measure, currency, day, workspace_id"


def _counts_in_the_key(_: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "ALTER TABLE events_tally DROP CONSTRAINT events_tally_pkey,"
            f' ADD CONSTRAINT events_tally_pkey PRIMARY KEY ({_KEY}) INCLUDE ("count", total),'
            " SET (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.02)"
        )


def _key_alone(_: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "ALTER TABLE events_tally DROP CONSTRAINT events_tally_pkey,"
            f" ADD CONSTRAINT events_tally_pkey PRIMARY KEY ({_KEY}),"
            " RESET (autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_scale_factor)"
        )


class Migration(migrations.Migration):
    dependencies = [("events", "0003_event_with_consent")]

    operations = [migrations.RunPython(_counts_in_the_key, _key_alone)]
