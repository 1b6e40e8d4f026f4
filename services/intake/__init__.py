"""Intake (tiếp nhận ý kiến): what people said, from reception to answer.

Owns opinions, digests, declared results, topics, reports of public sentiment and all their
narratives; finds opinions that may be the same. Hears from
Sessions what was raised, answered on the spot and promised, and from Assignment who
handles a matter and what was answered. Publishes the events of `shared.contracts.intake`.
"""
