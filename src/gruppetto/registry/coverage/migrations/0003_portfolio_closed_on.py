from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coverage", "0002_walls")]

    operations = [
        migrations.AddField(
            model_name="portfolio",
            name="closed_on",
            field=models.DateField(null=True, verbose_name="fermé le"),
        ),
    ]
