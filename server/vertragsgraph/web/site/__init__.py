"""What the pages and documents of a release are made from, now and in the past."""
