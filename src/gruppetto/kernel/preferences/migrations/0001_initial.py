"""What each account chose for itself."""

from django.db import migrations, models

import gruppetto.kernel.identifiers.keys


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=gruppetto.kernel.identifiers.keys.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("account_id", models.UUIDField()),
                ("name", models.CharField(max_length=40)),
                ("value", models.JSONField()),
                ("chosen_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "préférence",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account_id", "name"),
                        name="a_preference_has_one_value",
                        violation_error_message="Cette préférence est déjà enregistrée.",
                    )
                ],
            },
        ),
    ]
