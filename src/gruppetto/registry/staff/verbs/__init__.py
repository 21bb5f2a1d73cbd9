"""What can happen to an account and to a member of staff; one transaction each."""

from gruppetto.registry.staff.verbs.accounts import (
    NewAccount,
    bind_identity,
    change_role,
    close_sessions,
    create_account,
    remove_identity,
    renew_password,
    reopen,
    reset_second_factor,
    stop,
)
from gruppetto.registry.staff.verbs.records import Period, change_hours, change_record, hire
from gruppetto.registry.staff.verbs.rota import Hours, change_day, plan_rota, reset_day

__all__ = [
    "Hours",
    "NewAccount",
    "Period",
    "bind_identity",
    "change_day",
    "change_hours",
    "change_record",
    "change_role",
    "close_sessions",
    "create_account",
    "hire",
    "plan_rota",
    "remove_identity",
    "renew_password",
    "reopen",
    "reset_day",
    "reset_second_factor",
    "stop",
]
