"""The interface for programs, described as OpenAPI 3.1."""

from typing import Any

from vereend import __version__
from vereend.engines import INFERENCES
from vereend.knowledge import KIND_NAMES
from vereend.matrices import BY
from vereend.rule_index import COLUMNS, JUDGES, WEIGHTS
from vereend.side_by_side import PARTS
from vereend.terms import PHASES

_TEXTS = {"type": "object", "properties": {"nl": {"type": "string"}, "en": {"type": "string"}}}
_STATEMENTS = {"type": "array", "items": {"type": "array", "items": {"type": "string"}, "minItems": 3, "maxItems": 3}}
_FORMATS = ["turtle", "jsonld", "rdfxml", "ntriples", "yaml"]
_VERDICTS = ["violated", "contested", "not told", "for a person", "satisfied", "not applicable"]


def _query(name: str, description: str, required: bool = False, enum: list[str] | None = None) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"} | ({"enum": enum} if enum else {})
    return {"name": name, "in": "query", "required": required, "description": description, "schema": schema}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _answer(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _table(description: str, schema: str) -> dict[str, Any]:
    found = _answer(description, _ref(schema))
    found["content"]["text/csv"] = {"schema": {"type": "string"}}
    return found


_WRONG = _answer("What is wrong with the request: where, what, and what to do", _ref("Error"))
_SPARQL_ANSWER = {
    "description": "The answer, in the form accepted. Vereend-Truncated: true when there were more rows.",
    "content": {
        name: {"schema": {"type": "string"}}
        for name in (
            "application/sparql-results+json",
            "application/sparql-results+xml",
            "text/csv",
            "text/tab-separated-values",
            "text/turtle",
            "application/n-triples",
        )
    },
}
_SPARQL_ERRORS = {"400": _WRONG, "406": _WRONG, "503": _WRONG}


def document(server: str) -> dict[str, Any]:
    """Give the description, for a viewer at this address."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Vereend",
            "version": __version__,
            "summary": "Powers and safeguards in public-private partnerships for police tasks",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": server}],
        "paths": _paths(),
        "components": {"schemas": _schemas()},
    }


def _paths() -> dict[str, Any]:
    return {
        "/sparql": {
            "get": {
                "operationId": "query",
                "summary": "Answer a query (SPARQL 1.1 protocol); without one, describe the service",
                "parameters": [
                    _query("query", "A SELECT, ASK, CONSTRUCT or DESCRIBE query"),
                    _query("default-graph-uri", "Ask this graph; may be given more than once"),
                    _query("named-graph-uri", "A graph that GRAPH may name; may be given more than once"),
                    _query(
                        "format",
                        "Instead of Accept, for links",
                        enum=["json", "xml", "csv", "tsv", "turtle", "ntriples", "jsonld", "rdfxml"],
                    ),
                ],
                "responses": {"200": _SPARQL_ANSWER, **_SPARQL_ERRORS},
            },
            "post": {
                "operationId": "queryByPost",
                "summary": "Answer a query sent as a form or as it is",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/sparql-query": {"schema": {"type": "string"}},
                        "application/x-www-form-urlencoded": {
                            "schema": {
                                "type": "object",
                                "required": ["query"],
                                "properties": {"query": {"type": "string"}},
                            }
                        },
                    },
                },
                "responses": {"200": _SPARQL_ANSWER, **_SPARQL_ERRORS},
            },
        },
        "/api/validate": {
            "post": {
                "operationId": "validate",
                "summary": "Judge descriptions by the rules. Nothing is kept",
                "parameters": [
                    _query(
                        "phase", "Judge as if in this phase", enum=["initial", "consolidation", "scaling", "ending"]
                    ),
                    _query("on", "Date to judge at, yyyy-mm-dd; today when left out"),
                    _query("rules", "Numbers or themes, with commas between"),
                    _query(
                        "inference",
                        "What to infer first; none when left out. It changes the answers",
                        enum=list(INFERENCES),
                    ),
                ],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": _ref("Descriptions")},
                        "text/turtle": {"schema": {"type": "string"}},
                        "application/ld+json": {"schema": {"type": "string"}},
                        "application/rdf+xml": {"schema": {"type": "string"}},
                        "application/n-triples": {"schema": {"type": "string"}},
                        "application/yaml": {"schema": {"type": "string"}},
                    },
                },
                "responses": {
                    "200": _answer("The verdicts", _ref("Report")),
                    "400": _WRONG,
                    "413": _WRONG,
                    "503": _WRONG,
                },
            }
        },
        **_change_paths(),
        "/api/network": {
            "get": {
                "operationId": "network",
                "summary": "Give the network of a partnership",
                "parameters": [
                    _query("case", "Short name of a partnership; all of the report when left out"),
                    _query("format", "json when left out", enum=["json", "csv", "graphml", "gexf", "svg"]),
                    _query("node", "IRI of the thing in the middle"),
                    _query("hops", "How many lines from it, 0 to 4; however far when left out or 0"),
                    _query("sign", "Only these kinds of thing, by their mark; may be given more than once"),
                    _query("role", "Of the actors only those in this role"),
                    _query("power", "Of the powers only those of this kind"),
                    _query("safeguard", "Of the safeguards only those of this kind"),
                    _query("phase", "Of the partnerships only those in this phase, as in phase-initial"),
                    _query("lang", "Language of the labels in csv and svg", enum=["nl", "en"]),
                ],
                "responses": {"200": _answer("Things and lines", _ref("Network")), "400": _WRONG, "404": _WRONG},
            }
        },
        "/api/compare": {
            "get": {
                "operationId": "compare",
                "summary": "Set two partnerships side by side",
                "parameters": [
                    _query("a", "Short name of one partnership", required=True),
                    _query("b", "Short name of the other", required=True),
                    _query("format", "json when left out", enum=["json", "csv"]),
                    _query("lang", "Language of the cells in csv", enum=["nl", "en"]),
                ],
                "responses": {"200": _table("Row by row", "SideBySide"), "400": _WRONG, "404": _WRONG},
            }
        },
        "/api/matrix": {
            "get": {
                "operationId": "matrix",
                "summary": "Set partnerships beside each other by safeguards or by rules",
                "parameters": [
                    _query("by", "safeguards when left out", enum=list(BY)),
                    _query("of", "report when left out; all; or short names of partnerships with commas between"),
                    _query("format", "json when left out", enum=["json", "csv"]),
                    _query("lang", "Language of the cells in csv", enum=["nl", "en"]),
                ],
                "responses": {"200": _table("The matrix", "Matrix"), "400": _WRONG, "404": _WRONG},
            }
        },
        "/api/why-empty": {
            "get": {
                "operationId": "whyEmpty",
                "summary": "Tell which part of a query keeps answers away, and what may have been meant",
                "parameters": [_query("query", "A query without answers", required=True)],
                "responses": {"200": _answer("The reason", _ref("Why")), "400": _WRONG, "503": _WRONG},
            }
        },
        "/api/rules": {
            "get": {
                "operationId": "listRules",
                "summary": "List the rules, with how heavy each weighs in which phase",
                "parameters": [
                    _query("theme", "Short name of a theme, as in oversight"),
                    _query("phase", "What holds in this phase", enum=list(PHASES)),
                    _query("severity", "This heavy, in the phase or in any", enum=list(WEIGHTS)),
                    _query("judge", "Judged by the computer alone, or by a person too", enum=list(JUDGES)),
                    _query("words", "Words, all of which the rule must hold"),
                    _query("format", "json when left out", enum=["json", "csv"]),
                    _query("lang", "Language of the cells", enum=["nl", "en"]),
                ],
                "responses": {"200": _table("The rules", "Rules"), "400": _WRONG},
            }
        },
        "/api/search": {
            "get": {
                "operationId": "search",
                "summary": "Find things by words from their names, synonyms and texts, closest first",
                "parameters": [
                    _query("q", "Words in Dutch or English, or a number. Mistyped ones are corrected"),
                    _query("kind", "Only this kind of thing", enum=list(KIND_NAMES)),
                    _query("case", "Only what stands in, or is said of, this partnership: its short name"),
                    _query("modality", "Only claims meant so: finding, open-question ..."),
                    _query("theme", "Only rules of this theme, and what they rest on: oversight ..."),
                    _query("lang", "Language of the pages named", enum=["nl", "en"]),
                    {
                        "name": "limit",
                        "in": "query",
                        "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
                    },
                ],
                "responses": {"200": _answer("What was found", _ref("Search")), "400": _WRONG},
            }
        },
        "/id/{path}": {
            "get": {
                "operationId": "identify",
                "summary": "Lead from a thing to its page or to data about it, by Accept",
                "parameters": [
                    {
                        "name": "path",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "string"},
                        "description": "As in its IRI: rule/R13",
                    }
                ],
                "responses": {
                    "303": {"description": "To the page or the data"},
                    "404": {
                        "description": "Nothing is told of it: a page for people, JSON for programs",
                        "content": {**_WRONG["content"], "text/html": {"schema": {"type": "string"}}},
                    },
                    "406": {
                        "description": "None of the forms there are is accepted; they are listed",
                        "content": {"text/plain": {"schema": {"type": "string"}}},
                    },
                },
            }
        },
        "/healthz": {
            "get": {
                "operationId": "health",
                "summary": "Say that the viewer lives",
                "responses": {"200": _answer("It does", {"type": "object", "properties": {"status": {"const": "ok"}}})},
            }
        },
        "/readyz": {
            "get": {
                "operationId": "ready",
                "summary": "Say whether questions can be put to the viewer",
                "responses": {
                    "200": _answer("They can", {"type": "object", "properties": {"status": {"const": "ready"}}}),
                    "503": _answer("Not yet, or no longer", {"type": "object"}),
                },
            }
        },
    }


def _post(name: str, summary: str, sent: str, answer: str, given: str) -> dict[str, Any]:
    body = {"required": True, "content": {"application/json": {"schema": _ref(sent)}}}
    responses = {"200": _answer(answer, _ref(given)), "400": _WRONG, "413": _WRONG, "503": _WRONG}
    return {"post": {"operationId": name, "summary": summary, "requestBody": body, "responses": responses}}


def _change_paths() -> dict[str, Any]:
    return {
        "/api/repair": _post(
            "repair",
            "Find the smallest set of statements that mends a description; write it into the text. Nothing is kept",
            "ToMend",
            "What to tell and to leave out, step by step",
            "Repair",
        ),
        "/api/whatif": _post(
            "whatif",
            "Tell which verdicts turn when something is left out or told. Nothing is kept",
            "Supposition",
            "The verdicts that turn",
            "WhatIf",
        ),
        "/api/answer": _post(
            "answer",
            "Add a person's answer to a text of answers, as PROV. Nothing is kept",
            "ToAnswer",
            "The text of answers, in Turtle",
            "Answers",
        ),
        "/api/diff": _post(
            "diff",
            "Tell what has changed between two reports",
            "TwoReports",
            "New, fixed, changed, same",
            "Differences",
        ),
    }


def _change_schemas(description: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    text, flag = {"type": "string"}, {"type": "boolean"}
    texts = {"type": "array", "items": text}
    lang = {"enum": ["nl", "en"]}
    written = {"text": text, "layoutKept": flag}
    spelled = {"sentence": _TEXTS, "add": texts, "remove": texts}
    blank = {
        "name": text,
        "property": text,
        "open": flag,
        "choices": texts,
        "kinds": texts,
        "datatype": {"type": ["string", "null"]},
        "mayBeNone": flag,
    }
    turn = {
        "partnership": text,
        "rule": text,
        "focus": text,
        "value": {"type": ["string", "null"]},
        "from": {"enum": [*_VERDICTS, None]},
        "to": {"enum": [*_VERDICTS, None]},
        "severity": {"enum": ["Violation", "Warning", "Info", None]},
        "message": _TEXTS,
    }
    kinds = ("new", "fixed", "changed", "same", "lost")

    def rows(properties: dict[str, Any]) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "object", "properties": properties}}

    def asked(required: list[str], **more: Any) -> dict[str, Any]:
        return {"type": "object", "required": required, "properties": {**description, **settings, **more}}

    return {
        "ToMend": asked(
            ["text"],
            set={"type": "object", "additionalProperties": text, "description": "Values for the blanks, by name"},
            choose={"type": "array", "items": text, "description": "Other ways of steps, as in 1=2"},
            apply={**flag, "description": "Give the text with the repair in it"},
            agree={**flag, "description": "What is taken out is not so (any longer)"},
            lang=lang,
        ),
        "Repair": {
            "type": "object",
            "properties": {
                "path": text,
                "on": text,
                "complete": flag,
                "statements": {"type": "integer"},
                "steps": rows(
                    {**spelled, "rules": texts, "structure": {"type": "array", "items": _TEXTS}}
                    | {"blanks": rows(blank), "others": rows(spelled)}
                ),
                "unmended": rows({"rule": {"type": ["string", "null"]}, "focus": text, "message": _TEXTS}),
                **written,
            },
        },
        "Supposition": asked(["text"], add=texts, remove=texts, without=texts, apply=flag, lang=lang),
        "WhatIf": {
            "type": "object",
            "properties": {
                "path": text,
                "on": text,
                "add": _STATEMENTS,
                "remove": _STATEMENTS,
                "along": texts,
                "assessable": {"type": "object", "properties": {"before": flag, "after": flag}},
                "conforms": {"type": "object", "properties": {"before": flag, "after": flag}},
                "structure": rows({"focus": text, "value": {"type": ["string", "null"]}, "message": _TEXTS}),
                "flips": rows(turn),
                **written,
            },
        },
        "ToAnswer": asked(
            ["text", "rule", "yes", "reason", "initials"],
            rule=text,
            focus=text,
            value=text,
            yes=flag,
            reason=text,
            initials=text,
            date=text,
            lang=lang,
        ),
        "Answers": {"type": "object", "properties": {"answers": text, "iri": text}},
        "TwoReports": {
            "type": "object",
            "required": ["before", "after"],
            "properties": {"before": _ref("Report"), "after": _ref("Report")},
        },
        "Differences": {
            "type": "object",
            "properties": {
                "newlyViolated": flag,
                "counts": {"type": "object", "properties": {kind: {"type": "integer"} for kind in kinds}},
                "settings": {"type": "object", "additionalProperties": texts},
                "unjudged": texts,
                **{
                    kind: rows(
                        turn | {"pathBefore": {"type": ["string", "null"]}, "path": {"type": ["string", "null"]}}
                    )
                    for kind in kinds
                },
            },
        },
    }


def _schemas() -> dict[str, Any]:
    text = {"type": "string"}
    nullable = {"type": ["string", "null"]}
    passage = {
        "type": "object",
        "properties": {"text": text, "line": {"type": "integer"}, "column": {"type": "integer"}},
    }
    description = {"text": text, "name": text, "format": {"enum": _FORMATS}, "answers": text}
    inferring = {"inference": {"enum": list(INFERENCES)}}
    settings = {"phase": text, "on": text, "rules": {"type": "array", "items": text}}
    number = {"type": ["integer", "null"]}
    answer = {
        "answer": {"enum": ["yes", "no"]},
        "reason": text,
        "initials": text,
        "date": text,
        "reviewAgain": {"type": "boolean"},
    }
    verdict = {
        "rule": text,
        "theme": text,
        "verdict": {"enum": _VERDICTS},
        "severity": {"enum": ["Violation", "Warning", "Info", None]},
        "focus": text,
        "focusLabel": _TEXTS,
        "value": nullable,
        "valueLabel": {"anyOf": [_TEXTS, {"type": "null"}]},
        "line": number,
        "column": number,
        "message": _TEXTS,
        "remedy": _TEXTS,
        "question": _TEXTS,
        "evidence": _STATEMENTS,
        "claims": {"type": "array", "items": text},
        "provisions": {"type": "array", "items": text},
        "shape": text,
        "readings": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "readings": {"type": "array", "items": text},
                    "label": _TEXTS,
                    "author": _TEXTS,
                    "verdict": {"enum": _VERDICTS},
                    "message": _TEXTS,
                },
            },
        },
        "answer": {"anyOf": [{"type": "object", "properties": answer}, {"type": "null"}]},
    }
    partnership = {
        "iri": text,
        "label": _TEXTS,
        "phase": text,
        "phaseTold": {"type": "boolean"},
        "conforms": {"type": "boolean"},
        "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
        "verdicts": {"type": "array", "items": _ref("Verdict")},
        "unchecked": _STATEMENTS,
        "notInForce": {
            "type": "array",
            "items": {"type": "object", "properties": {"provision": text, "message": _TEXTS}},
        },
    }
    finding = {"focus": text, "value": nullable, "message": _TEXTS, "line": number, "column": number}
    file = {
        "path": text,
        "readable": {"type": "boolean"},
        "structure": {"type": "array", "items": {"type": "object", "properties": finding}},
        "partnerships": {"type": "array", "items": {"type": "object", "properties": partnership}},
        "looseAnswers": {
            "type": "array",
            "items": {"type": "object", "properties": {"rule": text, "focus": text, "value": nullable, **answer}},
        },
    }
    thing = {"iri": text, "kind": text, "label": _TEXTS}
    return {
        "Descriptions": {
            "oneOf": [
                {"type": "object", "required": ["text"], "properties": {**description, **settings, **inferring}},
                {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {
                            "type": "array",
                            "items": {"type": "object", "required": ["text"], "properties": description},
                        },
                        **settings,
                        **inferring,
                    },
                },
            ]
        },
        **_change_schemas(description, settings),
        "Error": {
            "type": "object",
            "required": ["error"],
            "properties": {
                "error": {
                    "type": "object",
                    "required": ["where", "problem", "remedy"],
                    "properties": {"where": text, "problem": text, "detail": text, "remedy": text},
                }
            },
        },
        "Network": {
            "type": "object",
            "properties": {
                "case": text,
                "nodes": {"type": "array", "items": {"type": "object", "properties": {**thing, "sign": text}}},
                "lines": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "source": text,
                            "target": text,
                            "predicate": text,
                            "line": text,
                            "since": text,
                            "until": text,
                            "claims": {"type": "array", "items": text},
                            "label": _TEXTS,
                        },
                    },
                },
            },
        },
        "SideBySide": {
            "type": "object",
            "properties": {
                "a": {"type": "array", "items": text},
                "b": {"type": "array", "items": text},
                "counts": {"type": "object"},
                "rows": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "part": {"enum": list(PARTS)},
                            "group": _TEXTS,
                            "row": text,
                            "label": _TEXTS,
                            "differs": {"type": "boolean"},
                            "a": {"type": "object"},
                            "b": {"type": "object"},
                        },
                    },
                },
            },
        },
        "Matrix": {
            "type": "object",
            "properties": {
                "by": {"enum": list(BY)},
                "partnerships": {"type": "array", "items": {"type": "object"}},
                "rows": {"type": "array", "items": {"type": "object"}},
                "totals": {"type": "object"},
            },
        },
        "Rules": {
            "type": "object",
            "properties": {
                "rules": {"type": "array", "items": {"type": "object", "properties": dict.fromkeys(COLUMNS, text)}},
                "weights": {
                    "type": "object",
                    "additionalProperties": {"type": "object", "additionalProperties": {"type": "integer"}},
                },
            },
        },
        "Report": {
            "type": "object",
            "required": ["vereend", "engine", "conforms", "files"],
            "properties": {
                "vereend": text,
                "engine": text,
                **inferring,
                "on": text,
                "conforms": {"type": "boolean"},
                "files": {"type": "array", "items": {"type": "object", "properties": file}},
            },
        },
        "Search": {
            "type": "object",
            "properties": {
                "query": text,
                "results": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            **thing,
                            "others": {"type": "array", "items": text},
                            "number": text,
                            "synonym": _TEXTS,
                            "note": _TEXTS,
                            "page": nullable,
                            "sign": text,
                            "hue": text,
                            "kindName": text,
                        },
                    },
                },
                "total": {"type": "integer"},
                "partial": {"type": "boolean"},
                "corrected": {"type": "object", "additionalProperties": text},
                "facets": {
                    "type": "object",
                    "additionalProperties": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"value": text, "count": {"type": "integer"}},
                        },
                    },
                },
            },
        },
        "Verdict": {"type": "object", "properties": verdict},
        "Why": {
            "type": "object",
            "properties": {
                "kind": {
                    "enum": [
                        *("pattern", "filter", "bind", "values", "minus", "group"),
                        *("several", "after", "answered", "unknown"),
                    ]
                },
                "culprit": {"oneOf": [passage, {"type": "null"}]},
                "alone": {"type": "boolean"},
                "clashes": {"type": "array", "items": passage},
                "also": {"type": "array", "items": passage},
                "unknown": {"type": "array", "items": text},
                "suggestions": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "kind": {"enum": ["term", "direction", "language", "literal", "variable", "value"]},
                            "instead_of": text,
                            "proposed": text,
                            "label": _TEXTS,
                            "query": text,
                            "works": {"type": "boolean"},
                        },
                    },
                },
                "sentences": {
                    "type": "object",
                    "additionalProperties": {"type": "array", "items": text},
                },
                "proposals": {"type": "array", "items": _TEXTS},
            },
        },
    }
