"""How easily a text is read: the score of Flesch as Kandel and Moles fitted it to French (1958), and what to cut. Pure.

207 - 1.015 x words per sentence - 73.6 x syllables per word, kept between 0 and 100; from 60 on, most people read it
at once. Syllables are counted as groups of vowels, a silent last "e" left out: an estimate, like the score.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 20
"""Words in a sentence: beyond this it is read twice."""
HARD_WORD = 4
EASY = 60
WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
VOWELS = re.compile(r"[aeiouyàâäéèêëîïôöùûüœæ]+")


@dataclass(frozen=True)
class Readability:
    """``score``: 0 (hard) to 100 (easy). ``too_long``: sentences to cut. ``hard``: long words to say otherwise."""

    score: int
    words: int
    sentences: int
    too_long: tuple[str, ...]
    hard: tuple[str, ...]

    @property
    def easy(self) -> bool:
        """Is it read at once by most people?"""
        return self.score >= EASY and not self.too_long


def measure(text: str) -> Readability:
    """Measure ``text``; what stands in braces counts as one short word."""
    said = re.sub(r"\{\w*\}", "mot", text)
    sentences = [part.strip() for part in re.split(r"(?<=[.!?;:])\s+|\n+", said) if WORD.search(part)]
    counted = [(sentence, WORD.findall(sentence)) for sentence in sentences]
    words = [word for _sentence, found in counted for word in found]
    if not words:
        return Readability(100, 0, 0, (), ())
    syllables = sum(syllables_of(word) for word in words)
    score = 207 - 1.015 * len(words) / len(counted) - 73.6 * syllables / len(words)
    return Readability(
        score=max(0, min(100, round(score))),
        words=len(words),
        sentences=len(counted),
        too_long=tuple(sentence for sentence, found in counted if len(found) > LONGEST),
        hard=tuple(dict.fromkeys(word for word in words if syllables_of(word) > HARD_WORD)),
    )


def syllables_of(word: str) -> int:
    """About how many syllables ``word`` has, at least one."""
    bare = re.sub(r"(?<=\w\w)(?:es?|ent)$", "", word.lower())
    return max(1, len(VOWELS.findall(bare)))
