"""Programs mend, suppose, answer and compare as the pages do, and get the text back."""

import pytest
from flask.testing import FlaskClient

from vereend.answers import parse_answers
from vereend.knowledge import load

ADVICE = load().case("veilig-plein-advies").description.text
R13 = {"text": ADVICE, "rules": ["R13"]}
ASKED = {"text": ADVICE, "rule": "R20", "value": "kg:pos-ban", "yes": True, "reason": "per winkel", "initials": "AB"}


def post(client: FlaskClient, what: str, sent: object, status: int = 200) -> dict:
    answer = client.post(f"/api/{what}", json=sent)
    assert answer.status_code == status
    return answer.get_json()


def test_a_repair_is_found_and_written_into_the_text(client: FlaskClient):
    found = post(client, "repair", R13)
    assert [blank["name"] for step in found["steps"] for blank in step["blanks"]] == ["intervention"]
    assert "text" not in found

    done = post(client, "repair", {**R13, "set": {"intervention": "vc:iv-suspend"}, "apply": True})
    assert done["layoutKept"]
    after = post(client, "validate", {"text": done["text"], "rules": ["R13"]})
    assert after["conforms"]
    told = post(client, "diff", {"before": post(client, "validate", R13), "after": after})
    assert told["counts"] == {"new": 0, "fixed": 2, "changed": 0, "same": 1, "lost": 0}


def test_what_turns_is_told_and_written_on_request(client: FlaskClient):
    found = post(client, "whatif", {"text": ADVICE, "rules": ["R14"], "without": ["kg:committee"], "apply": True})

    assert [(flip["rule"], flip["from"], flip["to"]) for flip in found["flips"]] == [("R14", "satisfied", "not told")]
    assert "kg:committee" not in found["text"]


def test_an_answer_joins_those_that_were_given_and_is_shown_at_the_next_check(client: FlaskClient):
    first = post(client, "answer", ASKED)
    second = post(client, "answer", {**ASKED, "yes": False, "answers": first["answers"], "date": "2026-01-02"})

    given = parse_answers(second["answers"], "answers")
    assert {(a.yes, a.reason) for a in given} == {(True, ("per winkel", "nl")), (False, ("per winkel", "nl"))}
    report = post(client, "validate", {"text": ADVICE, "rules": ["R20"], "answers": second["answers"]})
    answers = [v["answer"] for v in report["files"][0]["partnerships"][0]["verdicts"]]
    assert {answer and answer["answer"] for answer in answers} == {"no", None}  # the one given last stands


@pytest.mark.parametrize(
    ("what", "sent", "problem"),
    [
        ("repair", [], "is not a JSON object"),
        ("repair", {**R13, "apply": True}, "is still to be filled in"),
        ("repair", {**R13, "apply": True, "set": {"intervention": "vc:iv-advise"}}, "does not fit there"),
        ("repair", {**R13, "set": ["x"]}, "is not a list of values"),
        ("repair", {"files": [R13, R13]}, "is not one description"),
        ("whatif", {"text": ADVICE}, "is not changed at all"),
        ("whatif", {"text": ADVICE, "without": "kg:committee"}, "is not a list of texts"),
        ("answer", {**ASKED, "initials": "Anna Bos"}, "is not a set of initials"),
        ("answer", {**ASKED, "yes": "yes"}, "is neither yes nor no"),
        ("answer", {**ASKED, "value": "kg:pos-detain"}, "leaves nothing to a person here"),
        ("diff", {"before": {}, "after": {}}, "is not a report"),
        ("diff", {"before": 1}, "is not a report"),
    ],
)
def test_a_wrong_request_is_told_in_three_parts(client: FlaskClient, what: str, sent: object, problem: str):
    error = post(client, what, sent, 400)["error"]

    assert error["problem"] == problem
    assert error["where"]
    assert error["remedy"]
