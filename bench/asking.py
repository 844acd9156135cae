"""People who ask the server from outside, over plain sockets: the least work for each request, on
the processors that the server is measured on."""

import asyncio
import json
from time import perf_counter
from urllib.parse import quote_plus, urlencode

TOKEN = "a" * 32  # of CSRF: any, as long as the cookie and the header are the same


class Person:
    """Somebody signed in, on one worksheet whose address is `page`. Who `stays` keeps one
    connection for all that they ask, one thing after the other; otherwise each has its own."""

    def __init__(self, port, page, session, *, stays=False):
        self.port, self.page, self.stays = port, page, stays
        self.number, self.discussion = 0, ""
        self.versions: dict[str, int] = {}
        self._common = (
            f"Host: 127.0.0.1:{port}\r\n"
            f"Cookie: sessionid={session}; csrftoken={TOKEN}\r\n"
            f"X-CSRFToken: {TOKEN}\r\n"
            "Accept: application/json\r\n"
            f"Connection: {'keep-alive' if stays else 'close'}\r\n"
        )
        self._stream = None

    # What a page asks; each returns the seconds that it took

    async def save(self, question, text):
        """One answer, on the version that this person knows of it."""
        sent = {f"{question}.version": self.versions.get(question, 1), question: text}
        seconds, told = await self.post(f"{self.page}reponses/{question}/", sent)
        self.versions[question] = told["version"]
        return seconds

    async def poll(self):
        seconds, told = await self.get(
            f"{self.page}changements/?depuis={self.number}&echanges={quote_plus(self.discussion)}"
        )
        self.number, self.discussion = told["number"], told["discussion"]
        for answer in told["answers"]:
            self.versions[answer["slot"]] = answer["version"]
        return seconds

    async def be_there(self, question):
        seconds, _ = await self.post(f"{self.page}presence/", {"slot": question})
        return seconds

    # How it is asked

    async def get(self, address):
        return await self._ask(f"GET {address} HTTP/1.1\r\n{self._common}\r\n")

    async def post(self, address, fields):
        body = urlencode(fields)
        return await self._ask(
            f"POST {address} HTTP/1.1\r\n{self._common}"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        )

    async def _ask(self, request):
        """(seconds, JSON) of an answer 200 or 204. ValueError: it is another."""
        began = perf_counter()
        stream = self._stream or await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = stream
        writer.write(request.encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = head.partition(b"content-length: ")[2].partition(b"\r\n")[0]
        body = await reader.readexactly(int(length or 0))
        seconds = perf_counter() - began
        if not head.startswith((b"http/1.1 200", b"http/1.1 204")):
            raise ValueError(f"{head.decode()}{body.decode()[:1000]}")
        if self.stays and b"connection: close" not in head:
            self._stream = stream
        else:
            self._stream = None
            writer.close()
        return seconds, json.loads(body) if body else None

    def leave(self):
        """Closes the connection that was kept."""
        if self._stream is not None:
            self._stream[1].close()
            self._stream = None
