"""Download from a server that may be slow, endless or gone: within bounds of bytes and of time."""

import queue
import threading
import time
from contextlib import suppress

import requests
import urllib3

from .. import __version__
from .packed import CHUNK
from .unpack import FetchError

TIMEOUT = 60  # seconds of silence; a slow line may take as long as it needs, within the bounds below
# The larger release has 71 MB, a page of a long act less than 1 MB. Pages are also unpacked, read and searched.
MOST_ARCHIVE, MOST_PAGE = 500_000_000, 5_000_000
# Seconds in all. 71 MB in six hours is half the speed of an old telephone line; at 64 kB a minute no line is slower.
LONGEST_ARCHIVE, LONGEST_PAGE = 6 * 3600, 600
HEADERS = {
    "User-Agent": f"manyvectors/{__version__} (an executable book; one reader's own copy)",
    # A server that unpacks or repacks the file on its way would spoil the checksum.
    "Accept-Encoding": "identity",
}


def patience(timeout):
    """Return the seconds that 64 kB may take, from a server that may be silent for so many seconds."""
    return 2 * timeout + 1


class SlowError(Exception):
    """A server took too long, or sent too much; the message says which bound was met."""


def receive(url, timeout, most, longest, refused, remedy, clock=time.monotonic):
    """Yield what a server sends.

    ``timeout``: seconds of silence after which it is given up; it is also given up if 64 kB take longer than
    :func:`patience`. ``most``: bytes in all, as they come out of any compression. ``longest``: seconds in all.
    ``refused``: what a refusal is likely to mean; ``remedy``: what to do; both end a message. ``clock``: returns
    seconds; tests give their own. Yields (bytes, int or None): a piece, and how many bytes the server has announced in
    all. FetchError in one line for whatever goes wrong.
    """
    begun, count = clock(), 0
    pieces, bound = queue.Queue(maxsize=16), patience(timeout)
    # The library's own time-out begins anew with every byte. A server that drips keeps it busy, in this thread.
    threading.Thread(target=_send, args=(url, timeout, bound, pieces), daemon=True).start()
    try:
        while True:
            try:
                piece, announced = pieces.get(timeout=bound)
            except queue.Empty:
                raise SlowError(f"the server sent less than {CHUNK:,} bytes in {bound:g} s") from None
            if isinstance(piece, Exception):
                raise piece
            if piece is None:
                return
            count += len(piece)
            if count > most:
                raise SlowError(f"the server sent more than {most:,} bytes, and no such text is as long")
            if clock() - begun > longest:
                raise SlowError(f"it was not whole after {longest / 60:g} minutes")
            yield piece, announced
    except (requests.RequestException, urllib3.exceptions.HTTPError, SlowError) as error:
        raise _explain(error, url, timeout, refused, remedy) from None


def _send(url, timeout, bound, pieces):
    """Put what a server sends into a queue, then None or the error that ended it; give up when nobody takes it."""
    with suppress(queue.Full):
        try:
            with requests.get(url, headers=HEADERS, timeout=timeout, stream=True) as answer:
                answer.raise_for_status()
                length = answer.headers.get("Content-Length", "")
                announced = int(length) if length.isascii() and length.isdigit() and len(length) < 16 else None
                for piece in answer.iter_content(CHUNK):
                    pieces.put((piece, announced), timeout=bound)
            pieces.put((None, None), timeout=bound)
        except queue.Full:
            raise
        except Exception as error:  # told in the other thread
            pieces.put((error, None), timeout=bound)


def _explain(error, url, timeout, refused, remedy):
    """Turn an error of the HTTP library into one sentence."""
    inner = error.args[0] if error.args else None
    advice = "try again later"
    if getattr(error, "response", None) is not None:
        status = error.response.status_code
        what = f"the server answered {status} {error.response.reason}"
        advice = {400: refused, 401: refused, 403: refused, 404: "the address may have changed"}.get(status, advice)
    elif isinstance(error, SlowError):
        what = f"{error} (given up)"
    elif isinstance(error, requests.Timeout) or isinstance(inner, urllib3.exceptions.ReadTimeoutError):
        what, advice = f"the server was silent for {timeout:g} s (time-out)", "try again with a longer --timeout"
    elif isinstance(error, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError):
        what, advice = "the connection broke off before the whole file had arrived", "try again"
    elif isinstance(error, requests.exceptions.SSLError):
        what, advice = "the server's certificate could not be verified", "check this computer's clock and certificates"
    elif isinstance(error, requests.ConnectionError):
        what, advice = "no connection could be made", "check the network and try again"
    else:
        what, advice = f"the address cannot be used ({type(error).__name__})", "check it"
    return FetchError(f"{url}: {what}; {advice}, {remedy}")
