"""The inspection document as JSON, and the schema that is published for it."""

import json
import sys
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from inspection.document import Inspection


@cache
def _adapter() -> TypeAdapter[Inspection]:
    return TypeAdapter(Inspection)


def as_json(inspection: Inspection) -> dict[str, Any]:
    """Give the document as plain values, under the names of the published schema."""
    plain: dict[str, Any] = _adapter().dump_python(inspection, mode="json", by_alias=True)
    return plain


def from_json(document: Any) -> Inspection:  # noqa: ANN401 - whatever JSON holds
    """
    Read the document back.

    Raises
    ------
    pydantic.ValidationError
        If a value is missing or of the wrong kind.
    """
    return _adapter().validate_python(document)


def json_schema() -> dict[str, Any]:
    """Give the published JSON Schema of the document."""
    schema = _adapter().json_schema(by_alias=True, mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n")
