"""The server: processes, the application, what goes on beside the requests."""
