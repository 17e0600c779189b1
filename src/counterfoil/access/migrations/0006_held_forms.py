import counterfoil.kit.db
from django.db import migrations, models

# Who is signed in already stays so, and shows anew who they are when it matters.
_NAME = "UPDATE access_session SET id = 'ses_' || SUBSTR(sha256, 1, 24)"


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0005_lost_phone"),
    ]

    operations = [
        migrations.AddField(
            model_name="session",
            name="id",
            field=counterfoil.kit.db.IdField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.RunSQL(_NAME, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="session",
            name="fresh_at",
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="session",
            name="fresh_by",
            field=models.CharField(default="code", max_length=10),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="HeldForm",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("session_id", counterfoil.kit.db.IdField(db_index=True, max_length=64)),
                ("path", models.TextField()),
                ("back", models.TextField()),
                ("why", models.CharField(max_length=20)),
                ("body", models.TextField(null=True)),
                ("created", models.BigIntegerField()),
                ("ends_at", models.BigIntegerField(db_index=True)),
                ("confirmed_at", models.BigIntegerField(null=True)),
            ],
            options={"db_table": "access_heldform"},
        ),
    ]
