import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sharing", "0007_invitation_in_vain"),
        ("workspaces", "0008_failing"),
    ]

    operations = [
        migrations.CreateModel(
            name="NamesRead",
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
