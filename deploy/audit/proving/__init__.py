"""Whether logs are what was signed: their entries, trees, tiles, signatures, successions.

One rule throughout: what is there and wrong disproves, what isn't there can't tell.
"""
