"""The gate between untrusted files and everything else."""
