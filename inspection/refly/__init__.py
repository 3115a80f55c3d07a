"""What must be flown again: ground that a flight did not show, as people and planners need it."""
