"""In which language a caller wants to be answered."""

from starlette.datastructures import Headers

from inspection.language import Language


def asked_language(headers: Headers, default: Language) -> Language:
    """The language of ours that the caller likes best (Accept-Language), else the default."""
    best, liked = default, 0.0
    for part in headers.get("accept-language", "")[:500].split(","):
        tag, _, parameter = part.partition(";")
        name = tag.strip().lower().partition("-")[0]
        weight = _weight(parameter)
        if name in list(Language) and weight > liked:
            best, liked = Language(name), weight
    return best


def _weight(parameter: str) -> float:
    name, _, number = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(number)
    except ValueError:
        return 0.0
