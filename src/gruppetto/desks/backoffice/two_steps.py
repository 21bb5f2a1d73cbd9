"""An act in two steps: asked, shown with what it changes and for how many, then confirmed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.responses import TO_CORRECT, SeeOther
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers.dates import day_text


@dataclass(frozen=True)
class Changes:
    """In sentences: what will change, what somebody must look at. ``possible``: False when the act would be refused."""

    told: Sequence[str]
    warnings: Sequence[str] = ()
    possible: bool = True


@dataclass(frozen=True)
class Act:
    """What one page of two steps needs; ``back`` is where one comes from and where one goes when it is done."""

    title: str
    button: str
    done: str
    back: str
    back_label: str
    form: Callable[[Any], forms.Form]
    preview: Callable[[dict[str, Any]], Changes]
    do: Callable[[dict[str, Any]], object]
    facts: Sequence[tuple[str, Any]] = ()
    tone: str = "primary"
    template: str = "backoffice/territories/act.html"
    context: dict[str, Any] = field(default_factory=dict)


def two_steps(request: HttpRequest, act: Act) -> HttpResponse:
    """The page of an act: GET asks, GET with the answers shows what changes, POST does it."""
    form = act.form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if form.is_valid():
            try:
                act.do(form.cleaned_data)
            except Refused as refused:
                say_no(form, refused)
            else:
                messages.success(request, act.done)
                return SeeOther(act.back)
        return _page(request, act, form, None, TO_CORRECT)
    asked = any(name in request.GET for name in form.fields)
    if asked:
        form = act.form(request.GET)
    if form.fields and not (asked and form.is_valid()):
        return _page(request, act, form, None)
    return _page(request, act, form, act.preview(form.cleaned_data if asked else {}))


def _page(
    request: HttpRequest, act: Act, form: forms.Form, changes: Changes | None, status: int = 200
) -> HttpResponse:
    context = {
        "act": act,
        "form": form,
        "changes": changes,
        "answers": _answers(form) if changes else [],
        "posted": request.method == "POST",
        "restart": request.path if form.fields else act.back,
        **act.context,
    }
    return render(request, act.template, context, status=status)


def _answers(form: forms.Form) -> list[tuple[str, Any]]:
    """What was answered, in words: days and choices; lines ticked are shown by the page itself."""
    answers: list[tuple[str, Any]] = []
    for bound in form:
        value = form.cleaned_data[bound.name]
        if isinstance(value, date):
            answers.append((str(bound.label), day_text(value, year=True)))
        elif isinstance(value, bool):
            answers.append((str(bound.label), _("oui") if value else _("non")))
        elif isinstance(bound.field, forms.ChoiceField) and isinstance(value, str):
            answers.append((str(bound.label), dict(bound.field.choices).get(value, value)))  # type: ignore[arg-type]
    return answers
