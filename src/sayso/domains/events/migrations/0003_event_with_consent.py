from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0002_naming"),
        ("workspaces", "0009_logo_digest"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("props__has_key", "consents")),
                fields=["member", "workspace"],
                name="event_with_consent",
            ),
        ),
    ]
