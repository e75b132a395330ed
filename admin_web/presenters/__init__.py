"""Domain to JSON and to words, one function per shape."""
