"""The first part of the demo's history: as much as a smoke of it can wait for."""

from dataclasses import replace

from deploy.demo.history import History


def first_part(told: History, sessions: int) -> History:
    """Return the history up to the day of its first so many sessions, in order of days."""
    held = sorted(told.sessions, key=lambda session: (session.held_on, session.key))[:sessions]
    last_on = held[-1].held_on
    return replace(
        told,
        sessions=tuple(held),
        digests=tuple(each for each in told.digests if each.reported_on <= last_on),
        referrals=tuple(each for each in told.referrals if each.referred_on <= last_on),
        declined=tuple(each for each in told.declined if each.declined_on <= last_on),
    )
