"""Speed beside the libraries of others, both sides in one run."""
