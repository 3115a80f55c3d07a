"""Degrees, minutes and seconds, as the official coordinate tables write them."""

SECONDS = 3600
JOINED = "\N{NO-BREAK SPACE}"
DEGREE, MINUTE, SECOND = "\N{DEGREE SIGN}", "\N{PRIME}", "\N{DOUBLE PRIME}"


def degrees_minutes_seconds(
    degrees: float, *, hemispheres: tuple[str, str], digits: int, decimal_sign: str
) -> str:
    """
    Write an angle out, rounded once and carried over: never 60 minutes or seconds.

    `hemispheres` are the words for positive and for negative angles.
    """
    scale = 10**digits
    total = round(abs(degrees) * SECONDS * scale)
    seconds, rest = divmod(total, scale)
    fraction = f"{decimal_sign}{rest:0{digits}d}" if digits else ""
    word = hemispheres[0] if degrees >= 0 else hemispheres[1]
    minutes = f"{seconds % SECONDS // 60:02d}{MINUTE}"
    return (
        f"{seconds // SECONDS}{DEGREE}{minutes}{seconds % 60:02d}{fraction}{SECOND}{JOINED}{word}"
    )
