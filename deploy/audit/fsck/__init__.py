"""Whether everything that is kept beside the entries follows from them.

Indexes, tiles, copies, read models, figures and published reports are all derived: each is
derived again here, and compared. What was signed is for `deploy.audit.proving` to judge.
"""
