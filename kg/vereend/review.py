"""From answers to verdicts: which answer belongs to which question, and whether what it was given on still stands.

An answer is shown beside its verdict and never changes it: what a person found is no finding of the rule.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from vereend.answers import Answer, latest
from vereend.nameless import signs
from vereend.terms import LANGUAGES
from vereend.verdicts import FOR_A_PERSON, NO_FACTS, Judgement, Verdict


def digest(judgement: Judgement, verdict: Verdict) -> str:
    """Give the SHA-256 of the question and of the statements someone has before them who answers it.

    These are what the verdict rests on, and all that is said of what is judged and of the things named on the way;
    labels and comments are no part of it. Things without a name go by what is said of them.
    """
    judged = verdict.value or verdict.focus
    things = {judged} | {s.subject for s in verdict.evidence if s.subject != judgement.partnership}
    told = {s for s in judgement.statements if s.subject in things and s.predicate not in NO_FACTS}
    told |= set(verdict.evidence)
    sign = signs(judgement.statements)
    lines = sorted(" ".join(sign.get(part, part) for part in s) for s in told)
    question = [verdict.question.get(lang, "") for lang in LANGUAGES]
    return hashlib.sha256("\n".join([*question, *lines]).encode()).hexdigest()


def answered(judgement: Judgement, answers: Iterable[Answer]) -> Judgement:
    """Put each answer beside the verdict it answers, marked where what it was given on has changed since."""
    known = latest(answers)

    def with_answer(verdict: Verdict) -> Verdict:
        answer = known.get((verdict.rule.number, verdict.focus, verdict.value))
        if answer is None or verdict.verdict != FOR_A_PERSON:
            return verdict
        return replace(verdict, answer=replace(answer, review_again=answer.digest != digest(judgement, verdict)))

    return replace(judgement, verdicts=tuple(map(with_answer, judgement.verdicts))) if known else judgement
