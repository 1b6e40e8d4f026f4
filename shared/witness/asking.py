"""Asking a witness elsewhere, over HTTP; what it answers is believed as far as it is signed.

Source: https://c2sp.org/tlog-witness.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import requests

from shared.eventlog.lines import number
from shared.eventlog.note import SIGNATURES_MAX
from shared.eventlog.note_key import KeyKind, Signature, VerifierKey
from shared.kernel.errors import ContractError, Refused, RegulationError, Unavailable
from shared.witness.submission import Submission
from shared.witness.witness import OtherSize

WITNESSES_MAX = 16
CONNECT_TIMEOUT_S = 3.0
READ_TIMEOUT_S = 5.0
DEADLINE_S = 15.0
"""From the question to the end of the answer, however slowly it drips in."""
ANSWER_MAX_BYTES = 64 * 1024
SIZE_TYPE = "text/x.tlog.size"

_CHUNK_BYTES = 64
_OK, _CONFLICT, _TOO_MANY, _SERVER = 200, 409, 429, 500
_ADDRESS = re.compile(r"(\S+?\+[0-9a-f]{8}\+[0-9A-Za-z+/]+={0,2})=(https?://[^\s?#]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessAddress:
    """A witness: its key, and where it listens."""

    key: VerifierKey
    url: str


def addresses_of(text: str) -> tuple[WitnessAddress, ...]:
    """Return the witnesses that `text` lists as `<verifier key>=<url>`, with spaces between.

    Raises:
        RegulationError: `witness.bad_address` for what is none, more than 16, or two keys of
            one name, of which nobody could tell how many witnesses they are.

    """
    found = tuple(_address(each) for each in text.split())
    names = {each.key.name for each in found}
    if len(found) > WITNESSES_MAX or len(names) < len(found):
        raise RegulationError("witness.bad_address", limit=WITNESSES_MAX)
    return found


def ask(address: WitnessAddress, submission: Submission) -> Signature:
    """Return the cosignature of the witness, which is its own and not verified yet.

    Raises:
        OtherSize: `witness.other_size` when it wants the proof to begin elsewhere.
        Refused: `witness.refuses` when it won't cosign that.
        Unavailable: `witness.away`, also when it answers what makes no sense.

    """
    away = Unavailable("witness.away", witness=address.key.name)
    try:
        with requests.Session() as session:
            session.trust_env = False  # no proxy, and no .netrc
            with session.post(
                f"{address.url.rstrip('/')}/add-checkpoint",
                data=submission.encode(),
                headers={"Content-Type": "text/plain", "Connection": "close"},
                timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
                allow_redirects=False,
                stream=True,
            ) as response:
                status, content_type = response.status_code, response.headers.get("Content-Type")
                content = _content(response)
    except requests.RequestException:
        raise away from None
    text = "" if content is None else content.decode(errors="replace")
    if status == _CONFLICT and content_type == SIZE_TYPE:
        size = number(text.removesuffix("\n"))
        if size is None:
            raise away
        raise OtherSize(size)
    if status == _OK:
        for signature in _signatures(text):
            if address.key.claims(signature):
                return signature
        raise away
    if status >= _SERVER or status == _TOO_MANY:
        raise away
    raise Refused("witness.refuses", witness=address.key.name, status=status)


def _content(response: requests.Response) -> bytes | None:
    """Return the answer; None for one that is too long or takes too long."""
    ends_at = time.monotonic() + DEADLINE_S
    content = bytearray()
    for chunk in response.iter_content(_CHUNK_BYTES):
        content += chunk
        if len(content) > ANSWER_MAX_BYTES or time.monotonic() > ends_at:
            return None
    return bytes(content)


def _signatures(text: str) -> Iterator[Signature]:
    for line in text.split("\n")[:SIGNATURES_MAX]:
        try:
            yield Signature.parse(line)
        except ContractError:
            continue


def _address(text: str) -> WitnessAddress:
    parts = _ADDRESS.fullmatch(text)
    bad = RegulationError("witness.bad_address", limit=WITNESSES_MAX)
    if parts is None:
        raise bad
    try:
        key = VerifierKey.parse(parts[1])
    except ContractError:
        raise bad from None
    if key.kind is not KeyKind.WITNESS:
        raise bad
    return WitnessAddress(key=key, url=parts[2])
