"""Times as the API gives them: as text in a form that it does not document."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# A number this large is of milliseconds: in seconds it would be the year 5138.
_MILLISECONDS_FROM = 1e11


def moment(text: object) -> datetime | None:
    """Return the time, or None where it is no text, or in no form that is known.

    Known are ISO 8601, seconds or milliseconds since 1970, and the form of HTTP headers. A time
    without a zone is UTC.
    """
    if not isinstance(text, str):
        return None
    for read in (_since_1970, datetime.fromisoformat, parsedate_to_datetime):
        try:
            time = read(text.strip())
        except (ValueError, OverflowError, OSError):
            continue
        return time if time.tzinfo else time.replace(tzinfo=UTC)
    return None


def _since_1970(text: str) -> datetime:
    number = float(text)
    seconds = number / 1000 if number >= _MILLISECONDS_FROM else number
    return datetime.fromtimestamp(seconds, UTC)
