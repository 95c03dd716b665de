"""What an engine reports of a description: each rule read no more often than it has to be.

Most descriptions meet most rules, and a rule that is met as told has neither a breach nor a silence. So all rules are
read once, as told, and only those at fault in both readings, which tell breach from silence. Reading all rules in both
readings gives the same (tests/test_engines.py) and takes four times as long.
"""

from vereend import engines, shapes
from vereend.engines import Result
from vereend.evidence import Matter


def reported(matter: Matter, phase: str, numbers: tuple[str, ...] | None, engine: str) -> set[Result]:
    """Give every breach and silence, by shapes that `vereend.shapes.readings` describes.

    Args:
        numbers: which rules; None is all.
        engine: a key of engines.ENGINES, but not "auto".
    """
    found = engines.run(matter.as_told, shapes.told_readings(phase, numbers), engine)
    at_fault = sorted({shapes.rule_of_shape()[result.shape] for result in found})
    return engines.run(matter.prepared, shapes.readings(phase, tuple(at_fault)), engine) if at_fault else set()
