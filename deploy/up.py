"""`python -m deploy.up`: starts parts of a deployment in this process, or all in several.

Imports nothing heavy before it knows what this process is to be: a worker is patched with
eventlet before anything else, a web process never.
"""

import argparse
import json
import logging
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from shared.settings import ACCESS, SERVICES, Settings

if TYPE_CHECKING:
    from shared.runtime import Runtime

FRONT = "gateway"
_SIGNER = "checkpointer"
PARTS = (
    *SERVICES,
    *(f"{service}-{role}" for service in SERVICES for role in ("web", "worker", _SIGNER)),
    FRONT,
)
WEB_THREADS = 16
_LINE_MAX_BYTES = 8_190
"""Longest request line that reaches an application, which answers for its own limits."""
_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn's heartbeats, never anybody's data
_GRACE_S = 20

How = Literal["text", "json", "parent"]
"""Whom we tell that we are ready, or why not: a person, a program, who started us."""


def main() -> None:
    """Start what the arguments name; return when it was told to stop."""
    arguments = _arguments()
    if arguments.parent is not None:
        from deploy.parent import end_with  # noqa: PLC0415 - see above

        end_with(arguments.parent)
    if arguments.port is not None:
        host = os.environ.get("DOITHOAI_LISTEN", "").rpartition(":")[0] or "127.0.0.1"
        os.environ["DOITHOAI_LISTEN"] = f"{host}:{arguments.port}"
    parts: Sequence[str] = arguments.parts
    is_patched = not arguments.processes and not _is_unpatched(parts)
    if is_patched:
        import deploy.processes  # noqa: F401, PLC0415 - patches: before anything else
    with _ending(arguments.how):
        _start(parts, arguments)
    if is_patched:
        _leave()


def _start(parts: Sequence[str], arguments: argparse.Namespace) -> None:
    from deploy.environment import check_divisible, settings_told  # noqa: PLC0415 - see above

    settings = settings_told()
    _log_to_stderr()
    told = _Told(settings, arguments.how)
    is_whole = arguments.processes or set(parts or SERVICES) == set(SERVICES)
    if parts and parts[0].endswith(_SIGNER):
        _sign(settings, parts[0], told)
        return
    if arguments.processes or not is_whole:
        check_divisible(settings)
    if arguments.processes:
        _supervise(settings, told)
    elif _is_unpatched(parts):
        _become_gunicorn(settings, parts[0])
    else:
        _work(settings, parts or SERVICES, told, is_whole=is_whole)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="doithoai up")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART")
    parser.add_argument("--port", type=int)
    parser.add_argument("--processes", action="store_true")
    parser.add_argument("--json", dest="how", action="store_const", const="json", default="text")
    parser.add_argument("--announce", dest="how", action="store_const", const="parent")
    parser.add_argument("--parent", type=int)
    arguments = parser.parse_args()
    fault = misused(arguments.parts, processes=arguments.processes)
    if fault:
        parser.error(fault)
    return arguments


def misused(parts: Sequence[str], *, processes: bool) -> str | None:
    """Return what is wrong with these arguments together, None when nothing is."""
    alone = [part for part in parts if part not in SERVICES]
    if alone and len(parts) > 1:
        return f"{alone[0]}: một tiến trình riêng / is a process of its own"
    if parts and processes:
        return "--processes: khởi động tất cả / starts everything; PART"
    return None


def _is_unpatched(parts: Sequence[str]) -> bool:
    return bool(parts) and (parts[0] == FRONT or parts[0].endswith(("-web", _SIGNER)))


def _supervise(settings: Settings, told: "_Told") -> None:
    """Run everything, each service in a process of its own."""
    from deploy.databases import create_missing  # noqa: PLC0415 - see above
    from deploy.datafolder import locked  # noqa: PLC0415
    from deploy.migrations import upgrade  # noqa: PLC0415
    from deploy.supervisor import supervise  # noqa: PLC0415

    with locked(settings):
        create_missing(settings)
        upgrade(settings)
        supervise(settings, told.whole)


def _work(settings: Settings, parts: Sequence[str], told: "_Told", *, is_whole: bool) -> None:
    """Run workers in this process, patched; with their apps, unless web has its own."""
    from deploy.databases import create_missing  # noqa: PLC0415 - see above
    from deploy.datafolder import locked, prepare  # noqa: PLC0415
    from deploy.migrations import upgrade  # noqa: PLC0415
    from deploy.ports import check_free, url_at  # noqa: PLC0415
    from deploy.processes import run  # noqa: PLC0415

    services = [part.removesuffix("-worker") for part in parts]
    listen: tuple[str, int] | None = settings.listen
    if parts[0].endswith("-worker"):
        listen = None
    elif len(services) == 1:
        listen = settings.listens[services[0]]
    if listen:
        check_free(listen)

    def ready(port: int, runtimes: "Mapping[str, Runtime]") -> None:
        url = url_at((listen[0], port)) if listen else None
        if is_whole and url:
            told.whole(url, runtimes)
        else:
            told.part(parts, url)

    if is_whole:
        with locked(settings):
            create_missing(settings)
            upgrade(settings)
            run(settings, services, listen, ready, signs=True)
    else:
        prepare(settings)
        upgrade(settings, ACCESS, *services)
        run(settings, services, listen, ready, signs=not parts[0].endswith("-worker"))


def _sign(settings: Settings, part: str, told: "_Told") -> None:
    """Sign the logs of one service, alone with their keys."""
    from deploy.environment import check_apart  # noqa: PLC0415 - see above
    from deploy.signing import sign  # noqa: PLC0415

    service = part.removesuffix(f"-{_SIGNER}")
    check_apart(settings, service)
    sign(settings, service, lambda: told.part([part], None))


def _become_gunicorn(settings: Settings, part: str) -> None:
    """Serve one web application in threads, unpatched, as this very process."""
    from deploy.ports import check_free  # noqa: PLC0415 - see above

    service = part.removesuffix("-web")
    host, port = address = settings.listen if part == FRONT else settings.listens[service]
    check_free(address)
    if part == FRONT:
        app = "deploy.wsgi:gateway()"
    else:
        from deploy.datafolder import prepare  # noqa: PLC0415 - the front needs no key
        from deploy.migrations import upgrade  # noqa: PLC0415

        prepare(settings)
        upgrade(settings, ACCESS, service)
        app = f"deploy.wsgi:service('{service}')"
    options = ["--worker-class", "gthread", "--threads", str(WEB_THREADS)]
    options += ["--limit-request-line", str(_LINE_MAX_BYTES)]
    options += ["--graceful-timeout", str(_GRACE_S), "--log-level", "warning"]
    if _MEMORY.is_dir():
        options += ["--worker-tmp-dir", str(_MEMORY)]
    command = [sys.executable, "-m", "gunicorn", *options, "--bind", f"{host}:{port}", app]
    os.execv(sys.executable, command)  # noqa: S606 - our own command


def _leave() -> None:
    """End at once: all is stopped and said, but DuckDB would complain of what it still holds."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


class _Told:
    """Tells that we are ready."""

    def __init__(self, settings: Settings, how: How) -> None:
        self._settings = settings
        self._how = how

    def whole(self, url: str, runtimes: "Mapping[str, Runtime] | None" = None) -> None:
        """Tell that the whole deployment answers at `url`; let this machine's operator in."""
        from deploy.datafolder import write_address  # noqa: PLC0415 - see above
        from deploy.tokens import operator_bearer  # noqa: PLC0415

        access = next(iter(runtimes.values())).access if runtimes else None
        bearer = operator_bearer(self._settings, access)
        data = str(self._settings.data)
        if self._how == "parent":
            _say(json.dumps({"url": url, "bearer": bearer}))
            return
        write_address(self._settings, url)
        if self._how == "json":
            _say(json.dumps({"url": url, "data": data}, ensure_ascii=False))
        else:
            _say(
                f"Đối Thoại đang chạy / is running: {url}\n"
                f"Dữ liệu / data: {data}\n"
                "Cấp mã truy cập, ở cửa sổ khác / a token, in another window:\n"
                "  doithoai access issue --seat mttq/can-bo-1 --role cadre --province ha-noi\n"
                "Dừng / stop: Ctrl-C"
            )
            self._let_in(url, runtimes)

    @staticmethod
    def _let_in(url: str, runtimes: "Mapping[str, Runtime] | None") -> None:
        """Tell the first administrator where to choose a password."""
        from deploy.first_administrator import LOGIN, first_link  # noqa: PLC0415 - see above

        link = first_link(next(iter(runtimes.values())).people, url) if runtimes else None
        if link is not None:
            _say(f"Đăng nhập lần đầu / the first sign-in, as {LOGIN}, once:\n  {link}")

    def part(self, parts: Sequence[str], url: str | None) -> None:
        """Tell that `parts` run, at `url` where they answer."""
        if self._how == "text":
            _say(f"{', '.join(parts)}: đang chạy / running{f' ({url})' if url else ''}")
        else:
            _say(json.dumps({"parts": list(parts), "url": url}))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextmanager
def _ending(how: How) -> Iterator[None]:
    """Turn whatever ends the block into words and an exit status; told to whom it concerns."""
    from deploy.ending import described, exit_status, meant_by, told  # noqa: PLC0415 - see above

    with told():
        try:
            yield
        except Exception as error:
            if how == "text":
                raise
            meant = meant_by(error)
            _say(json.dumps({"error": described(meant)}, ensure_ascii=False))
            sys.exit(exit_status(meant))


def _log_to_stderr() -> None:
    from shared.kernel.errors import RegulationError  # noqa: PLC0415 - see above

    level = os.environ.get("DOITHOAI_LOG", "WARNING").upper()
    if level not in logging.getLevelNamesMapping():
        raise RegulationError("deployment.bad_setting", variable="DOITHOAI_LOG")
    form = "%(asctime)s %(levelname)s %(name)s %(message)s"
    logging.basicConfig(level=level, format=form)


if __name__ == "__main__":
    main()
