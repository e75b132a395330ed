"""The pages in Chromium, in front of a real web process whose core is a fake."""
