"""Jobs of this room: the words that a misspelt one may have meant."""

from datetime import datetime, timedelta

from django.db import connection

from gruppetto.kernel import clock
from gruppetto.kernel.jobs.queue import every


@every("finding.learn_words", "10 2 * * *")
def learn_words() -> None:
    """Learn the words of the stories that changed since the night before last; on Mondays forget those of none."""
    learn(clock.now() - timedelta(days=2))
    if clock.today().weekday() == 0:
        with connection.cursor() as cursor:
            cursor.execute("SELECT finding.forget()")


def learn(since: datetime) -> None:
    """Learn the words of the stories that changed since then."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT finding.learn(%s)", [since])
