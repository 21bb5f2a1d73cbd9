"""What can happen to a person's record; each verb is one transaction."""

from gruppetto.registry.people.verbs.homes import correct_home, move_home
from gruppetto.registry.people.verbs.persons import (
    add_person,
    caller,
    correct_person,
    note_visit,
    set_subscription,
    verify_email,
)
from gruppetto.registry.people.verbs.phones import (
    add_phone,
    choose_main_phone,
    end_phone,
    first_phone,
    verify_phone,
)
from gruppetto.registry.people.verbs.relatives import add_relative, change_relative, end_relative
from gruppetto.registry.people.verbs.wishes import (
    choose_word,
    end_need,
    give_consent,
    note_need,
    review_need,
    withdraw_consent,
)

__all__ = [
    "add_person",
    "add_phone",
    "add_relative",
    "caller",
    "change_relative",
    "choose_main_phone",
    "choose_word",
    "correct_home",
    "correct_person",
    "end_need",
    "end_phone",
    "end_relative",
    "first_phone",
    "give_consent",
    "move_home",
    "note_need",
    "note_visit",
    "review_need",
    "set_subscription",
    "verify_email",
    "verify_phone",
    "withdraw_consent",
]
