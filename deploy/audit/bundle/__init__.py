"""Evidence bundles: a published figure with all that proves it, in one file."""
