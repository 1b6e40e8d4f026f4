"""The witness that agencies and other provinces run: one key, one folder, one address."""
