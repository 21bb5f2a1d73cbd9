"""Who read what went wrong, and who settled it: answers that failed, calls in vain, reasons said otherwise."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_walls")]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="failures_seen_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="contact",
            name="failures_seen_by",
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("failures__gte", 3), ("failures_seen_at__isnull", True)),
                fields=["-happened_at"],
                name="contacts_not_confirmed",
            ),
        ),
        migrations.AddField(
            model_name="callback",
            name="settled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="callback",
            name="settled_by",
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name="callback",
            index=models.Index(
                condition=models.Q(
                    ("settled_at__isnull", True), ("state", "given_up"), ("subject_id__isnull", True)
                ),
                fields=["-due_at"],
                name="call_backs_given_up",
            ),
        ),
        migrations.AddField(
            model_name="contactreason",
            name="settled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="contactreason",
            name="settled_by",
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name="contactreason",
            index=models.Index(
                condition=models.Q(models.Q(("other", ""), _negated=True), ("settled_at__isnull", True)),
                fields=["happened_at"],
                name="reasons_said_otherwise",
            ),
        ),
    ]
