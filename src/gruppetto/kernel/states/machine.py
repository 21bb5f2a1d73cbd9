"""Lives of things as tables: their states, who may move them on, and what is told to who may not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import NotYours, Refused

Text = str | Promise


@dataclass(frozen=True, slots=True)
class State:
    """One state: its French ``label``, and the sentence (``closed``) told to who tries a step it does not allow.

    Without ``closed`` a general sentence names both states. ``final``: nothing has to follow.
    """

    label: Text
    closed: Text | None = None
    final: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """One permitted step: its name in the journal (``verb``), the kinds of actors who may, the words on the button."""

    source: str
    target: str
    verb: str
    who: frozenset[str]
    label: Text


def step(source: str, target: str, verb: str, who: str, label: Text) -> Transition:
    """A line of the table; ``who`` is kinds of actors separated by spaces."""
    return Transition(source, target, verb, frozenset(who.split()), label)


@dataclass(frozen=True)
class Machine:
    """The life of one kind of thing.

    ``states``: code → ``State``, the first being the initial one. ``actors``: kind of actor → French label.
    ``transitions``: at most one per (source, target) and per (source, verb, kind of actor). Raises ``ValueError`` when
    built, that is when its module is imported, if the table contradicts itself, if a state cannot be reached, or if
    one that is not final has no way to a final one.
    """

    name: str
    states: Mapping[str, State]
    actors: Mapping[str, Text]
    transitions: tuple[Transition, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "states", MappingProxyType(dict(self.states)))
        object.__setattr__(self, "actors", MappingProxyType(dict(self.actors)))
        faults = [*self._faults_of_lines(), *self._faults_of_paths()]
        if faults:
            raise ValueError(f"machine {self.name}: " + "; ".join(faults))

    @property
    def initial(self) -> str:
        """The state in which life begins."""
        return next(iter(self.states))

    @property
    def finals(self) -> tuple[str, ...]:
        """The states after which nothing has to happen."""
        return tuple(code for code, state in self.states.items() if state.final)

    def choices(self) -> list[tuple[str, Text]]:
        """(code, label) of each state, for a model field."""
        return [(code, state.label) for code, state in self.states.items()]

    def sources(self, target: str) -> tuple[str, ...]:
        """The states from which ``target`` may be reached in one step, for a compare-and-set."""
        return tuple(transition.source for transition in self.transitions if transition.target == target)

    def next(self, source: str, kinds: Iterable[str]) -> tuple[Transition, ...]:
        """The steps an actor of those kinds may take from ``source``, in the order of the table."""
        known = self._kinds(kinds)
        return tuple(t for t in self.transitions if t.source == self._state(source) and t.who & known)

    def check(self, source: str, target: str, kinds: Iterable[str]) -> Transition:
        """The step from ``source`` to ``target`` by an actor of those kinds.

        Raises ``Refused`` (state-forbidden) when there is no such step, ``NotYours`` (state-not-yours) when it is
        for others, ``ValueError`` for a state or a kind of actor that is not in the table.
        """
        known = self._kinds(kinds)
        transition = self._by_ends.get((self._state(source), self._state(target)))
        facts = {"machine": self.name, "source": source, "target": target}
        if transition is None:
            raise Refused(self._forbidden(source, target), code="state-forbidden", facts=facts)
        if not transition.who & known:
            who = ", ".join(str(label) for kind, label in self.actors.items() if kind in transition.who)
            message = _("« %(step)s » est réservé à : %(who)s.") % {"step": transition.label, "who": who}
            raise NotYours(message, code="state-not-yours", facts=facts)
        return transition

    @cached_property
    def _by_ends(self) -> dict[tuple[str, str], Transition]:
        return {(transition.source, transition.target): transition for transition in self.transitions}

    def _forbidden(self, source: str, target: str) -> Text:
        labels = {"source": self.states[source].label, "target": self.states[target].label}
        return (
            self.states[source].closed
            or _("On ne peut pas passer de « %(source)s » à « %(target)s ».") % labels
        )

    def _state(self, code: str) -> str:
        if code not in self.states:
            raise ValueError(f"machine {self.name} has no state {code!r}")
        return code

    def _kinds(self, kinds: Iterable[str]) -> set[str]:
        given = set(kinds)
        if unknown := given - set(self.actors):
            raise ValueError(f"machine {self.name} knows no actor {sorted(unknown)}")
        return given

    def _faults_of_lines(self) -> Iterable[str]:
        ends: set[tuple[str, str]] = set()
        verbs: set[tuple[str, str, str]] = set()
        for t in self.transitions:
            line = f"{t.source} → {t.target} ({t.verb})"
            if unknown := {t.source, t.target} - set(self.states):
                yield f"{line}: unknown states {sorted(unknown)}"
            if not t.who or t.who - set(self.actors):
                yield f"{line}: nobody, or unknown actors {sorted(t.who - set(self.actors))}"
            if (t.source, t.target) in ends:
                yield f"{line}: written twice"
            if taken := {kind for kind in t.who if (t.source, t.verb, kind) in verbs}:
                yield f"{line}: the verb already leads {sorted(taken)} elsewhere"
            ends.add((t.source, t.target))
            verbs |= {(t.source, t.verb, kind) for kind in t.who}

    def _faults_of_paths(self) -> Iterable[str]:
        if not self.states:
            yield "no state"
            return
        forward = {(t.source, t.target) for t in self.transitions}
        if lost := set(self.states) - _reached({self.initial}, forward):
            yield f"never reached: {sorted(lost)}"
        backward = {(target, source) for source, target in forward}
        if stuck := set(self.states) - _reached(set(self.finals), backward):
            yield f"no way to an end from: {sorted(stuck)}"


def _reached(start: set[str], arrows: set[tuple[str, str]]) -> set[str]:
    """All that can be reached from ``start`` by following ``arrows``."""
    reached, fresh = set(start), set(start)
    while fresh:
        fresh = {target for source, target in arrows if source in fresh} - reached
        reached |= fresh
    return reached
