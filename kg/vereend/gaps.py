"""What a description leaves untold, thing by thing, and which rules wait for it.

It reads verdicts alone: a gap is where a rule asked and the description was silent.
"""

from dataclasses import dataclass

from vereend.report import PartnershipReport
from vereend.verdicts import NOT_TOLD, Verdict

_WEIGHTS = ("Violation", "Warning", "Info", None)


@dataclass(frozen=True)
class Gap:
    """What is not told of one thing."""

    subject: str  # what is judged, in N-Triples spelling
    verdicts: tuple[Verdict, ...]  # heaviest first, then by number; each says what is not told


def gaps(report: PartnershipReport) -> list[Gap]:
    """List what is not told: of the partnership itself first, then of what most rules wait for."""
    found: dict[str, list[Verdict]] = {}
    for verdict in report.verdicts:
        if verdict.verdict == NOT_TOLD:
            found.setdefault(verdict.value or verdict.focus, []).append(verdict)
    listed = [
        Gap(subject, tuple(sorted(waiting, key=lambda v: (_WEIGHTS.index(v.severity), v.rule.number))))
        for subject, waiting in found.items()
    ]
    this = report.judgement.partnership
    return sorted(listed, key=lambda gap: (gap.subject != this, -len(gap.verdicts), gap.subject))
