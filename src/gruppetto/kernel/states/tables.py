"""State machines written out for people: the table of the documentation comes from the code."""

from __future__ import annotations

from gruppetto.kernel.states.machine import Machine


def markdown(machine: Machine) -> str:
    """The machine as a Markdown table, one line per step, in the order of its code; ends with a line feed."""

    def cell(text: object) -> str:
        return str(text).replace("|", "\\|")

    def state(code: str) -> str:
        return f"{cell(machine.states[code].label)}{' ∎' if machine.states[code].final else ''}"

    rows = [
        [
            state(step.source),
            state(step.target),
            cell(step.label),
            ", ".join(cell(label) for kind, label in machine.actors.items() if kind in step.who),
            f"`{cell(step.verb)}`",
        ]
        for step in machine.transitions
    ]
    head = [["De", "Vers", "Étape", "Qui", "Journal"], ["---"] * 5]
    return "".join(f"| {' | '.join(row)} |\n" for row in head + rows)
