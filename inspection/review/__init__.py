"""What people make of an inspection: findings reviewed and added, and the decision."""
