"""What the OpenAPI document says beside the routes themselves: the problems that each may tell."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from api.dependencies import BY_COOKIE, BY_PASSWORD, BY_TOKEN, CSRF_HEADER, SAFE
from api.errors import PROBLEM
from api.observing import PREFIX
from api.once import FORM, HEADER, NOT_TWICE
from api.schemas import Problem

_REFERENCE: Final = "#/components/schemas/{model}"
_PROOF: Final = "proof"
_TOLD: Final = {
    400: "asked for something that cannot be",
    401: "nobody known asks",
    403: "who asks may not",
    404: "there is no such thing here",
    409: "it does not go together with what is there",
    413: "too much in one request",
    416: "no such part of the file",
    415: "not the kind of body that is taken here",
    422: "what was sent cannot be used",
    429: "tried too often; Retry-After says when again",
    503: "not now; Retry-After says when again",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems that a route may tell, each in the one form."""
    schema = {"$ref": _REFERENCE.format(model="Problem")}
    return {
        status: {"description": _TOLD[status], "content": {PROBLEM: {"schema": schema}}}
        for status in sorted({*statuses, 503})
    }


IN = (401, 403)
"""Of every route that somebody must be signed in for."""

BODY = (413, 415, 422)
"""Of every route that takes a body."""


def describe(app: FastAPI) -> None:
    """Let the application describe itself in full, once, when it is first asked."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
            )
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            _, ours = models_json_schema([(Problem, "serialization")], ref_template=_REFERENCE)
            schemas.update(ours["$defs"])
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            _tell_of_keys(document)
            _tell_of_proofs(document)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign] # as FastAPI asks for it


def _tell_of_keys(document: dict[str, Any]) -> None:
    """Say of every creating call that it takes a key, and what may come of that."""
    for path, methods in document["paths"].items():
        if "post" not in methods or path in NOT_TWICE or not path.startswith(PREFIX):
            continue
        call = methods["post"]
        call.setdefault("parameters", []).append(
            {
                "name": HEADER,
                "in": "header",
                "required": False,
                "description": "Sent again with the same key, the call is answered as before.",
                "schema": {"type": "string", "pattern": FORM},
            }
        )
        for status, told in problems(409, 422).items():
            call["responses"].setdefault(str(status), told)


def _tell_of_proofs(document: dict[str, Any]) -> None:
    """Say that what changes something by a session needs the proof beside the cookie."""
    document["components"]["securitySchemes"][_PROOF] = {
        "type": "apiKey",
        "in": "header",
        "name": CSRF_HEADER,
        "description": "`csrf_token` of the session, as POST and GET /api/v1/session tell it.",
    }
    by_password = BY_PASSWORD.scheme_name
    document["components"]["securitySchemes"][by_password] = BY_PASSWORD.model.model_dump(
        mode="json", by_alias=True, exclude_none=True
    )
    for methods in document["paths"].values():
        for method, call in methods.items():
            if method.upper() in SAFE:
                if {BY_TOKEN.scheme_name: []} in call.get("security", []):
                    call["security"].append({by_password: []})
                continue
            for way in call.get("security", []):
                if BY_COOKIE.scheme_name in way:
                    way[_PROOF] = []
