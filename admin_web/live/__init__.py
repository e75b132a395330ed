"""The live picture on its way to browsers."""
