"""An agency's own server: real sockets, real TLS, and answers as a test wants them."""

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One POST, as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    at: datetime

    @property
    def feed_seq(self) -> int:
        """The signed number."""
        return int(self.headers["webhook-id"].rpartition(":")[2])


Answer = Callable[[Received], int]


@dataclass(slots=True)
class Receiver:
    """A server that notes what comes, and answers what `answer` says."""

    url: str
    answer: Answer = lambda _received: 204
    reply_headers: Mapping[str, str] = field(default_factory=dict)
    reply_body: bytes = b""
    received: list[Received] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    """The numbers that were answered with 2xx, in order."""

    def numbers(self) -> list[int]:
        """Return the numbers that came, in order, repeats and refused ones too."""
        return [each.feed_seq for each in self.received]


@contextmanager
def receiving(port: int = 0, certificate: Path | None = None) -> Iterator[Receiver]:
    """Yield a server on the loopback, closed in the end."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.take()

        def do_GET(self) -> None:  # what a followed redirect would do
            self.take()

        def take(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            post = Received(
                path=self.path,
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(length),
                at=datetime.now(UTC),
            )
            receiver.received.append(post)
            status = receiver.answer(post)
            if status // 100 == 2:
                receiver.taken.append(post.feed_seq)
            try:
                self.send_response(status)
                for name, value in receiver.reply_headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(receiver.reply_body)))
                self.end_headers()
                self.wfile.write(receiver.reply_body)
            except OSError:
                self.close_connection = True  # who asked has gone

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing: a client that leaves is what some tests are about."""

    server = Server(("127.0.0.1", port), Handler)
    scheme, host = "http", "127.0.0.1"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        # The handshake belongs to the thread of its connection, not to the one that accepts.
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        scheme, host = "https", "localhost"
    receiver = Receiver(f"{scheme}://{host}:{server.server_address[1]}/hook?token=bi-mat")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def write_certificate(path: Path, *names: str) -> Path:
    """Write a self-signed certificate for `names` with its key; return `path`."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(issuer)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([_general(each) for each in names]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
