from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workspaces", "0007_portal_secret"),
    ]

    operations = [
        migrations.AddField(
            model_name="workspace",
            name="failing",
            field=models.TextField(blank=True, default=""),
        ),
    ]
