"""What is asked of the endpoint by way of pages: the form, example queries as addresses, how to cite a result."""
