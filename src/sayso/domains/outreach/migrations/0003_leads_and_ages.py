from django.db import migrations, models

import sayso.domains.workspaces.moments


class Migration(migrations.Migration):
    dependencies = [
        ("outreach", "0002_switches"),
        ("workspaces", "0008_failing"),
    ]

    operations = [
        migrations.AddField(
            model_name="mail",
            name="forget_at",
            field=sayso.domains.workspaces.moments.MomentField(default=0),
        ),
        # 30 days, in millionths of a second, after it became due.
        migrations.RunSQL(
            "UPDATE outreach_mail SET forget_at = made_at + 2592000000000 WHERE kind = 'lead' "
            "AND reason NOT IN ('the address was forgotten', 'they came by themselves')",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(
                condition=models.Q(("ended_at__gt", 0), ("kind", "sign_in")),
                fields=["ended_at"],
                name="mail_with_code_ended",
            ),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(condition=models.Q(("forget_at__gt", 0)), fields=["forget_at"], name="mail_to_forget"),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(condition=models.Q(("kind", "lead")), fields=["mark", "workspace"], name="mail_to_lead"),
        ),
        migrations.AddIndex(
            model_name="signincode",
            index=models.Index(fields=["made_at"], name="sign_in_code_by_age"),
        ),
        migrations.AddIndex(
            model_name="signintry",
            index=models.Index(fields=["made_at"], name="sign_in_try_by_age"),
        ),
    ]
