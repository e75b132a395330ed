"""Files of sound that the switch writes and the core keeps."""
