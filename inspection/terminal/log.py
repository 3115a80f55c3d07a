"""The log: one JSON object a line on standard error, with nothing in it about a person."""

import logging
import sys
from typing import Final

import structlog

_STEPS: Final = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    # Without the values of variables, which may be anybody's.
    structlog.processors.ExceptionRenderer(
        structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    ),
    structlog.processors.JSONRenderer(ensure_ascii=False),
)


def write_log() -> None:
    """Let what is logged, also by libraries, come out as lines of JSON."""
    structlog.configure(
        processors=list(_STEPS),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=list(_STEPS[:3]),
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_STEPS[3:],
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
