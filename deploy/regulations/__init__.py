"""What a province's regulation says, how a recorded date came about, and what if it said else."""
