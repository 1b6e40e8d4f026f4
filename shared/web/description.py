"""What the OpenAPI document says beyond marshmallow's schemas.

Headers that requests may carry, and JSON Schema's own dialect of patterns and enumerations.
"""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from apispec import BasePlugin
from apispec.ext.marshmallow import MarshmallowPlugin

from shared.web.perform import KEY_HEADER, KEY_MAX_CHARACTERS

REPEATABLE = frozenset(
    {
        "arranging.Cancelling",
        "arranging.Convening",
        "arranging.Delegating",
        "arranging.Postponing",
        "arranging.Rescheduling",
        "arranging.Scheduling",
        "arranging.SettingAgenda",
        "assignments.Acceptance",
        "assignments.Acceptances",
        "assignments.Answer",
        "assignments.Release",
        "concluding.Amending",
        "concluding.Concluding",
        "concluding.Correcting",
        "concluding.Minutes",
        "concluding.Results",
        "course.AskingToErase",
        "course.AskingToReopen",
        "course.Cancellation",
        "course.Closing",
        "course.Contribution",
        "course.Coordination",
        "course.DecidingToErase",
        "course.DecliningToReopen",
        "course.Erasing",
        "course.ExtensionDecision",
        "course.ExtensionRequest",
        "course.Fulfilment",
        "course.FulfilmentDecision",
        "course.GivingFeedback",
        "course.Linking",
        "course.Marking",
        "course.Notifying",
        "course.Pause",
        "course.Refusal",
        "course.RefusalDecision",
        "course.Reopening",
        "course.Resumption",
        "course.Return",
        "merging.Merging",
        "merging.Unmerging",
        "merging.Withdrawing",
        "opinions.Accepting",
        "opinions.Declining",
        "opinions.Narratives",
        "opinions.OpinionList",
        "opinions.Referring",
        "opinions.Scheduling",
        "reports.Publishing",
        "screening.Acknowledging",
        "screening.AskingBack",
        "screening.Clarified",
        "screening.Classifying",
        "screening.Denunciations",
        "screening.Forwarding",
        "screening.HandingOver",
        "sentiments.Sentiments",
        "sessions.Adjourning",
        "sessions.Answering",
        "sessions.Attending",
        "sessions.Ending",
        "sessions.Opening",
        "sessions.Promising",
        "sessions.Raising",
        "sessions.Resuming",
        "sessions.SessionList",
        "topics.Confirming",
        "topics.Dismissing",
        "topics.Joining",
        "topics.Topics",
        "triage.Assigned",
    }
)
"""Endpoints whose POST does its work once under an `Idempotency-Key`."""
VERSIONED = REPEATABLE - {
    "assignments.Acceptances",
    "opinions.Narratives",
    "opinions.OpinionList",
    "reports.Publishing",
    "screening.Denunciations",
    "sentiments.Sentiments",
    "sessions.SessionList",
    "topics.Joining",
    "topics.Topics",
    "triage.Assigned",
}
"""Those that take the version the caller has seen."""

_KEY = {
    "in": "header",
    "name": KEY_HEADER,
    "required": False,
    "description": "A key of the caller's own; the same request again gets the first answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_MAX_CHARACTERS},
}
_VERSION = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "description": "The version that was seen, as its ETag; 409 when it is no longer that.",
    "schema": {"type": "string", "pattern": '^(W/)?"?[0-9]{1,15}"?$'},
}


class RequestHeaders(BasePlugin):
    """Names the headers that an operation understands."""

    def operation_helper(
        self,
        path: str | None = None,
        operations: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Add them to the POST of an endpoint."""
        del path
        endpoint = getattr(kwargs.get("rule"), "endpoint", "")
        post = (operations or {}).get("post")
        if post is not None and endpoint in REPEATABLE:
            headers = [_KEY, *([_VERSION] if endpoint in VERSIONED else [])]
            post["parameters"] = [*post.get("parameters", []), *headers]


def marshmallow_plugin() -> MarshmallowPlugin:
    """Return what writes marshmallow's schemas as JSON Schema that every reader takes alike."""
    return _Plugin()


class _Plugin(MarshmallowPlugin):
    def init_spec(self, spec: Any) -> None:
        super().init_spec(spec)
        if self.converter is not None:  # which it is, after init_spec
            self.converter.add_attribute_function(_in_dialect)


def _in_dialect(
    _converter: Any, _field: ma.fields.Field[Any], ret: Mapping[str, Any], **_: Any
) -> dict[str, Any]:
    """Return what JSON Schema wants otherwise: ECMA-262's anchors, and a type for each enum."""
    changed: dict[str, Any] = {}
    pattern = ret.get("pattern")  # of Python, whose matches begin at the start
    if pattern is not None:
        bare = pattern.removeprefix("^").replace(r"\Z", "$")
        changed["pattern"] = f"^{bare}" if bare.endswith("$") else f"^{bare}$"
    if "enum" in ret and "type" not in ret:
        is_nullable = None in ret["enum"]
        changed["type"] = ["string", "null"] if is_nullable else "string"
    return changed
