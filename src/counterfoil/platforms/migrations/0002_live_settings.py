from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("platforms", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="platform",
            name="live_settings",
            field=models.TextField(default="{}"),
        ),
        # Until now both modes lived by one set.
        migrations.RunSQL(
            "UPDATE platforms_platform SET live_settings = settings", migrations.RunSQL.noop
        ),
    ]
