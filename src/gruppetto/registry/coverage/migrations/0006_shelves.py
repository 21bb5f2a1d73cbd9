"""A row stays on its shelf (decisions 6)."""

from django.db import migrations, models

from gruppetto.kernel.access import walls


class Migration(migrations.Migration):
    dependencies = [("coverage", "0005_roles"), ("access", "0002_walls")]

    operations = [
        migrations.AddConstraint(
            model_name="placement",
            constraint=models.UniqueConstraint(fields=["shelf", "id"], name="placement_on_shelf"),
        ),
        walls.shelf("coverage_placement"),
    ]
