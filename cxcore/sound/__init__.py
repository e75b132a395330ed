"""Makes the sound of messages: decodes what was uploaded, speaks what was typed, fits both for the line, keeps them."""
