"""The programs that runbooks find in the demo: stand-ins that act on the simulated world, and on nothing else."""
