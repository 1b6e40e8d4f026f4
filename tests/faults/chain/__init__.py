"""A chain of two tiny services, as real processes: `questions` → `replies` → `questions`.

Every entry of one has exactly one effect at the other. Effects are plain INSERTs under a
primary key, so a doubled one would be an error, and a lost one is a row that is missing.
"""
