"""What things are called on the broker, and what its queues are told. Stable: peers rely on it."""

from collections.abc import Mapping

from shared.eventlog import Entry

CONTENT_TYPE = "application/cloudevents+json"
AGENCY_FEED = "agency.feed"
"""The exchange that agencies' own queues are bound to."""

INTERNAL_QUEUE: Mapping[str, object] = {
    "x-queue-type": "quorum",
    "x-single-active-consumer": True,  # an optimisation: the cursor is the truth
    # Bounded, the oldest first out: a slow follower never holds its peers' relay back,
    # and what is dropped here is read from the owner.
    "x-overflow": "drop-head",
    "x-max-length": 50_000,
    "x-max-length-bytes": 256 * 1024 * 1024,
}
"""Arguments of an internal queue. They can't change later: raise the number in its name."""


def events_exchange(service: str) -> str:
    """Return the topic exchange that `service` publishes its events to."""
    return f"{service}.events"


def queue_name(consumer: str) -> str:
    """Return the queue of a consumer. Its number rises with its arguments."""
    return f"{consumer}.v1"


def event_key(entry: Entry) -> str:
    """Return the routing key of an internal event: `<province>.<EventType>`."""
    return f"{entry.province}.{entry.document['type']}"


def agency_key(province: str, agency: str, event_type: str) -> str:
    """Return the routing key of a feed item: `<province>.<agency>.<EventType>`."""
    return f"{province}.{agency}.{event_type}"
