"""A person's e-mail address says when it was verified, as their numbers do."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0007_shelves")]

    operations = [
        migrations.AddField("person", "email_verified_at", models.DateTimeField(null=True, editable=False)),
        migrations.AddConstraint(
            "person",
            models.CheckConstraint(
                condition=models.Q(
                    ("email_verified_at__isnull", True),
                    models.Q(("email", ""), _negated=True),
                    _connector="OR",
                ),
                name="what_is_verified_is_an_address",
                violation_error_message="Il n’y a pas de courriel à vérifier dans cette fiche.",
            ),
        ),
    ]
