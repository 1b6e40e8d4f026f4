"""The chain's two services as nameko runs them, and the HTTP that both serve."""

from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, jsonify, request

from shared.access import verify_service_bearer
from shared.kernel.errors import AppError
from shared.messaging.shell import Relays, Step, WebApp, every, follow
from shared.projections import follow_status
from shared.projections.faults import is_outage
from tests.faults.chain.record import ChainRuntime, ask, note, on_questions

POISON = "poison"
"""A question that `replies` can't answer."""


def create_app(runtime: ChainRuntime) -> Flask:
    """Return the app of either service: recording, the replay port, the state."""
    app = Flask(runtime.name)
    base = f"/{runtime.name}"

    @app.errorhandler(AppError)
    def refuse(error: AppError) -> tuple[Response, int]:
        return jsonify({"code": error.code}), error.status

    @app.errorhandler(Exception)
    def fail(error: Exception) -> tuple[str, int]:
        return "", 503 if is_outage(error) else 500

    @app.post(f"{base}/questions")
    def record() -> tuple[str, int]:
        body: Any = request.get_json()
        ask(runtime, body["province"], body["opinion_ids"])
        return "", 201

    @app.get(f"{base}/log/heads")
    def heads() -> Response:
        check_service()
        return jsonify(runtime.ledger.heads())

    @app.get(f"{base}/log/<path:origin>/entries")
    def entries(origin: str) -> Response:
        check_service()
        if origin == runtime.broken:
            raise LookupError
        first = int(request.args["from"])
        page = runtime.ledger.by_origin(origin).read(first - 1, int(request.args["limit"]))
        return Response(
            b"".join(entry.content + b"\n" for entry in page),
            content_type="application/x-ndjson",
            headers={"X-First-Position": str(first)},
        )

    @app.get(f"{base}/state")
    def state() -> Response:
        effect = runtime.definition.effect
        with runtime.store.read() as connection:
            effects = connection.scalar(sa.select(sa.func.count()).select_from(effect))
        followed = follow_status(runtime.store, runtime.definition.follow)
        return jsonify(
            {
                "effects": effects,
                "heads": runtime.ledger.heads(),
                "halted": [each.origin for each in followed if each.halted],
            }
        )

    def check_service() -> None:
        bearer = request.headers["Authorization"].removeprefix("Bearer ")
        verify_service_bearer(runtime.service_secret, bearer)

    return app


class Questions:
    """Records questions, and notes which were answered."""

    name = "questions"
    relays = Relays()
    web = WebApp(create_app)

    @follow("replies")
    def on_replies(self, step: Step) -> None:
        """Note the replies."""
        step.apply(partial(note, step.runtime))


class Replies:
    """Answers every question."""

    name = "replies"
    relays = Relays()
    web = WebApp(create_app)

    @follow("questions")
    def on_questions(self, step: Step) -> None:
        """Answer the questions."""
        step.apply(partial(self._answer, step.runtime))

    def _answer(self, runtime: ChainRuntime, tx: Any, recorded: Any) -> None:
        on_questions(runtime, tx, recorded)
        if any(POISON in each.stream for each in recorded):
            raise ValueError("Nguyễn Văn A")  # stands for a person's name in an error

    @every(0.5)
    def on_tick(self, runtime: ChainRuntime) -> None:
        """Append a line to the file that the test reads, and fail the second time."""
        ticks = runtime.ticks
        if ticks is not None:
            with ticks.open("a", encoding="ascii") as file:
                file.write("tick\n")
            if len(ticks.read_text().splitlines()) == 2:
                raise ValueError("Nguyễn Văn A")
