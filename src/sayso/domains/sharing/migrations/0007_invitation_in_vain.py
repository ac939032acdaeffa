from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sharing", "0006_tries")]

    operations = [
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(
                condition=models.Q(("friend", 0)), fields=["workspace", "invited_at"], name="invitation_in_vain"
            ),
        ),
    ]
