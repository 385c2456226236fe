"""Pages about resources."""
