"""Jobs of this room: the words that a misspelt one may have meant."""

from datetime import timedelta

from django.db import connection

from gruppetto.kernel import clock
from gruppetto.kernel.jobs.queue import every


@every("finding.learn_words", "10 2 * * *")
def learn_words() -> None:
    """Learn the words of the stories that changed since the night before last; on Mondays forget those of none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT finding.learn(%s)", [clock.now() - timedelta(days=2)])
        if clock.today().weekday() == 0:
            cursor.execute("SELECT finding.forget()")
