"""The rim: how entries travel between services, and how a service runs as a process.

The only room that knows nameko, kombu and eventlet. Messages are hints with a payload;
what makes delivery complete is in `shared.projections`.
"""
