"""Ask a process over HTTP whether it is ready."""

import http.client
from urllib.parse import urlsplit

_PATIENCE = 2.0


def answers(url: str) -> bool:
    """Whether `url` answers 200 now."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc, timeout=_PATIENCE)
    try:
        connection.request("GET", address.path or "/")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
