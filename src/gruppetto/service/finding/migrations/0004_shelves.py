"""A row stays on its shelf (decisions 6)."""

from django.db import migrations

from gruppetto.kernel.access import walls


class Migration(migrations.Migration):
    dependencies = [("finding", "0003_words_walls"), ("access", "0002_walls")]

    operations = [
        walls.shelf("finding_story"),
    ]
