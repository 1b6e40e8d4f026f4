"""The vocabulary of event sourcing, as types: time, periods, identity, errors, the decider.

Standard library only, no input or output except the system clock and the strict reading
of reference files.
"""
