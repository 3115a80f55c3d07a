"""The command line's face: progress, summary, and how a failure is told."""
