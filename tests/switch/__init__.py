"""The Switch port's adapter, against scripted Event Socket peers and recorded streams."""
