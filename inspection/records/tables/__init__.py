"""What is kept, one area a module."""
