"""A checkpointer that is killed while it signs, and a writer beside it, as real processes."""
