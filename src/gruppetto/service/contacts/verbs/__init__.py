"""What can happen to a contact; one transaction each."""

from gruppetto.service.contacts.verbs.calling_back import attempt_call_back, owe_call_back, start_call_back
from gruppetto.service.contacts.verbs.calling_in_vain import settle_given_up, write_instead
from gruppetto.service.contacts.verbs.coding import answer_code, code_box, send_code
from gruppetto.service.contacts.verbs.knowing import (
    Answer,
    Namesake,
    answer_identity,
    ask_identity,
    choose_person,
    find_persons,
    new_caller,
    new_person,
    see_failures,
    vouch,
)
from gruppetto.service.contacts.verbs.noting import (
    asked_by_us,
    drop_draft,
    note_reasons,
    read_back_accepted,
    save_draft,
)
from gruppetto.service.contacts.verbs.otherwise import said_otherwise, settle_otherwise
from gruppetto.service.contacts.verbs.protecting import open_protected, write_protected
from gruppetto.service.contacts.verbs.receiving import Contradiction, receive_call, stop_ringing
from gruppetto.service.contacts.verbs.taking import (
    bring_in,
    conclude,
    conclude_forgotten,
    hang_up,
    join,
    pass_on,
    take,
    visit,
)

__all__ = [
    "Answer",
    "Contradiction",
    "Namesake",
    "answer_code",
    "answer_identity",
    "ask_identity",
    "asked_by_us",
    "attempt_call_back",
    "bring_in",
    "choose_person",
    "code_box",
    "conclude",
    "conclude_forgotten",
    "drop_draft",
    "find_persons",
    "hang_up",
    "join",
    "new_caller",
    "new_person",
    "note_reasons",
    "open_protected",
    "owe_call_back",
    "pass_on",
    "read_back_accepted",
    "receive_call",
    "said_otherwise",
    "save_draft",
    "see_failures",
    "send_code",
    "settle_given_up",
    "settle_otherwise",
    "start_call_back",
    "stop_ringing",
    "take",
    "visit",
    "vouch",
    "write_instead",
    "write_protected",
]
