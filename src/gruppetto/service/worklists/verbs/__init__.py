"""What can happen to the lists: views kept and shown, acts on many interventions at once."""

from gruppetto.service.worklists.verbs.bulk import decide, go_on, prepare, undo
from gruppetto.service.worklists.verbs.views import change_view, remove_view, save_view

__all__ = ["change_view", "decide", "go_on", "prepare", "remove_view", "save_view", "undo"]
