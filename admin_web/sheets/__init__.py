"""CSV files of what administrators keep: written, read, and looked at before they count [87, 92, 106]."""
