"""The service signs the head of each day by itself; several processes sign each head once."""

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from inspection.errors import GeoError
from inspection.records.columns import now
from inspection.upkeep.signing import Signer

SIGN_EVERY: Final = timedelta(minutes=5)


async def sign_for_ever(signer: Signer) -> None:
    """Sign what is due, and again in five minutes; a failure is told and tried again."""
    while True:
        try:
            signed = await asyncio.to_thread(signer.sign, now())
            if signed:
                structlog.get_logger().info("audit_heads_signed", heads=len(signed))
        except Exception as error:  # noqa: BLE001 - the service goes on; the log says what failed
            code = error.code if isinstance(error, GeoError) else type(error).__name__
            structlog.get_logger().error("audit_heads_failed", error=code)
        await asyncio.sleep(SIGN_EVERY.total_seconds())
