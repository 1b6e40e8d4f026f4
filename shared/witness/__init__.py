"""Witnesses: who saw a log, and says so only of one that went on from what they saw before.

`submission` is what a witness is asked, `cosigned` what it remembers, `witness` what it
answers. Our own mirror, witnesses elsewhere and whoever asks them share these.
"""
