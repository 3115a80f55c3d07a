"""The inspection: what a flight over a permit shows, measured, worded and sealed."""
