"""What keeps an installation provable and restorable while it runs, and afterwards."""
