"""What pages say in sentences: from when until when, which money, what became of whom."""
