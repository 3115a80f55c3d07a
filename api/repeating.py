"""What the service does again and again by itself, beside what it is asked for."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog

from inspection.errors import GeoError
from inspection.records.columns import now
from inspection.upkeep.signing import Signer

SIGN_EVERY: Final = timedelta(minutes=5)
SWEEP_EVERY: Final = timedelta(hours=1)


async def repeat(name: str, go: Callable[[], object], every: timedelta) -> None:
    """Do something for ever, in a thread; a failure is told, and tried again next time."""
    while True:
        try:
            await asyncio.to_thread(go)
        except Exception as error:  # noqa: BLE001 - the service goes on; the log says what failed
            code = error.code if isinstance(error, GeoError) else type(error).__name__
            structlog.get_logger().error(f"{name}_failed", error=code)
        await asyncio.sleep(every.total_seconds())


def sign_heads(signer: Signer) -> None:
    """Sign the head of each day that is due; several processes sign each of them once."""
    signed = signer.sign(now())
    if signed:
        structlog.get_logger().info("audit_heads_signed", heads=len(signed))
