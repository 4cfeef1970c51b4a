"""What matching costs, and what a reload does to everything else."""
