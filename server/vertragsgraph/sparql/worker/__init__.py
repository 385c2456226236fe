"""A worker process: it evaluates one query at a time, and can reach nothing."""
