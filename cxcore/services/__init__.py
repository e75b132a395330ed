"""One module per use case, one function per command or event."""
