"""The pages on which customers chat."""
