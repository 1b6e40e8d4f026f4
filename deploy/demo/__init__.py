"""The demo: an invented history of a real district that must end in its published figures.

It is data and nothing else: seeded, without clock, network or service. Whoever drives the
services with it lives elsewhere in `deploy`.
"""
