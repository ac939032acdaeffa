import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outreach", "0003_leads_and_ages"),
        ("workspaces", "0009_logo_digest"),
    ]

    operations = [
        migrations.CreateModel(
            name="LeadsRead",
            fields=[
                (
                    "workspace",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="workspaces.workspace",
                    ),
                ),
                ("position", models.BigIntegerField(default=0)),
            ],
        ),
    ]
