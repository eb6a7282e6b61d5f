"""The record of what happens: structured lines without personal data."""

import logging
import sys

import structlog


def configure(*, level: str, as_json: bool) -> None:
    """Send structlog and the standard library's loggers to standard output, in one format.

    Personal data is kept out at the source: log calls name ids and counts, never texts, names
    or numbers; the loggers of HTTP clients, which print whole addresses, are held at warnings.
    """
    stamps: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty(), pad_event_to=0)
    )
    structlog.configure(
        processors=[
            *stamps,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=stamps,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for chatty in ("httpx2", "httpcore2", "uvicorn.access", "procrastinate", "apprise"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
