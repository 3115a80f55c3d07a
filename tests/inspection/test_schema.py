"""The published schema is the one that the code follows, and every document follows it."""

import json
from pathlib import Path

import jsonschema

import inspection
from inspection.schema import as_json, from_json, json_schema

PUBLISHED = Path(inspection.__path__[0]) / "inspection.schema.json"

# What others rely on; a later version may add to it and never renames or removes.
CONTRACT = {
    "schema",
    "id",
    "created_at",
    "language",
    "profile",
    "permit",
    "answers",
    "boundary",
    "flights",
    "coverage",
    "position",
    "registration",
    "ledger_ha",
    "areas_ha",
    "findings",
    "parameters",
    "software",
    "warnings",
}
FINDING = {
    "id",
    "class",
    "epoch",
    "location",
    "area_m2",
    "area_uncertainty_m2",
    "confidence",
    "robustness",
    "distance_outside_m",
    "reasons",
    "may_be_false_because",
    "volume_m3",
    "vertices",
}


def test_the_published_schema_is_up_to_date():
    assert json.loads(PUBLISHED.read_text("utf-8")) == json_schema(), "run `make schema`"


def test_the_contract_is_kept():
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert set(schema["required"]) >= CONTRACT
    assert set(schema["$defs"]["Finding"]["required"]) >= FINDING


def test_a_document_survives_reading_and_writing(inspected):
    jsonschema.validate(inspected.document, json.loads(PUBLISHED.read_text("utf-8")))
    assert as_json(from_json(inspected.document)) == inspected.document
