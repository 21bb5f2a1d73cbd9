"""Promises about to be broken are found by an index, every ten minutes, in all portfolios (decisions 4)."""

from django.db import migrations, models
from django.db.models import Q

ACTIVE = ["opened", "assigned", "in_progress", "waiting_person", "waiting_provider", "waiting_paper"]


class Migration(migrations.Migration):
    dependencies = [("interventions", "0005_shelves")]

    operations = [
        migrations.AddIndex(
            model_name="intervention",
            index=models.Index(
                fields=["due_at", "id"], name="interventions_soon_due", condition=Q(state__in=ACTIVE)
            ),
        ),
    ]
