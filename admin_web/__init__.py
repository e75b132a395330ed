"""The screens: shows and asks. Reaches the core through cxcore.ports only."""
