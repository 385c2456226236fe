"""The sources as they are today: their pages fetched, and which quotations they still have."""
