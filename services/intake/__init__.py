"""Intake (tiếp nhận ý kiến): what people said, from reception to answer.

Owns opinions, digests, declared results and the narratives of opinions. Hears from
Sessions what was raised, answered on the spot and promised, and from Assignment who
handles a matter and what was answered. Publishes the events of `shared.contracts.intake`.
"""
