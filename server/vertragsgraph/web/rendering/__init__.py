"""Terms, texts and references as pages show them."""
