"""Who lives in a part of the map is counted by an index, whatever the number of addresses (decisions 4)."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("people", "0005_sounds")]

    operations = [
        migrations.AddIndex(
            model_name="address",
            index=models.Index(
                fields=["commune", "postcode"],
                name="homes_of_place",
                condition=Q(kind="home", until__isnull=True),
            ),
        ),
    ]
