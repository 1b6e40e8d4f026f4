"""The published language as it is on disk: bytes that must be readable for ever."""
