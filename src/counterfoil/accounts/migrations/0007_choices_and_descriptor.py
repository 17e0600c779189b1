from __future__ import annotations

import json
from typing import Any

from django.db import migrations, models


def fill(apps: Any, _editor: Any) -> None:
    """The descriptor has stood in the profile alone."""
    accounts = apps.get_model("accounts", "Account")
    for ident, text in accounts.objects.values_list("id", "profile").iterator():
        descriptor = json.loads(text).get("settings", {}).get("statement_descriptor")
        if descriptor:
            accounts.objects.filter(id=ident).update(statement_descriptor=descriptor)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_requirements_by_the_clock"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="language",
            field=models.CharField(max_length=16, null=True),
        ),
        migrations.AddField(
            model_name="account",
            name="color_scheme",
            field=models.CharField(max_length=5, null=True),
        ),
        migrations.AddField(
            model_name="account",
            name="statement_descriptor",
            field=models.CharField(max_length=22, null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
