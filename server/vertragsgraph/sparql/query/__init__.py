"""What can be told of a query from its text."""
