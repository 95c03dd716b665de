"""What is not told is listed once, thing by thing, and nothing else is."""

from vereend.gaps import gaps
from vereend.knowledge import load

KB = load()


def test_every_silence_waits_under_the_thing_it_is_about():
    report = KB.report("shoplifting").files[0].partnerships[0]
    listed = [v for gap in gaps(report) for v in gap.verdicts]
    assert len(listed) == report.counts["not told"]
    assert all(v.verdict == "not told" for v in listed)
    assert len({id(v) for v in listed}) == len(listed)
    assert all((v.value or v.focus) == gap.subject for gap in gaps(report) for v in gap.verdicts)


def test_the_partnership_comes_first_and_what_weighs_heaviest_heads_each_thing():
    report = KB.report("shoplifting").files[0].partnerships[0]
    found = gaps(report)
    assert found[0].subject == report.judgement.partnership
    order = ["Violation", "Warning", "Info"]
    for gap in found:
        weights = [order.index(v.severity) for v in gap.verdicts if v.severity]
        assert weights == sorted(weights)


def test_what_tells_everything_has_no_gaps():
    assert gaps(KB.report("veilig-plein").files[0].partnerships[0]) == []
