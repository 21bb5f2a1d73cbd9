"""Is everything there before it is filed? The papers that the kind requires and nobody has received (Q13). Pure."""

from __future__ import annotations

from collections.abc import Iterable

from gruppetto.service.catalogue.content import Kind, Step
from gruppetto.service.catalogue.vocabulary import Act
from gruppetto.service.interventions.models import Outcome, Paper

FILING = (Act.FILE_FORM, Act.SEND_LETTER)
MISSING = (Paper.State.NEEDED, Paper.State.ASKED)


def missing(papers: Iterable[Paper], kind: Kind) -> list[Paper]:
    """Those of ``papers`` that ``kind`` requires, and that are still to be asked for or awaited."""
    required = {paper.code for paper in kind.papers if paper.required}
    return [paper for paper in papers if paper.state in MISSING and paper.code in required]


def files(outcome: str, steps: Iterable[Step]) -> bool:
    """Does that answer say that the request was filed? Done always; done in part, when a step of the kind files."""
    return outcome == Outcome.DONE or (
        outcome == Outcome.PARTLY and any(step.act in FILING for step in steps)
    )


def named(papers: Iterable[Paper]) -> str:
    """Their names one after the other."""
    return ", ".join(paper.label for paper in papers)
