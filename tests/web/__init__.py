"""The web application through Flask's client, without a browser."""
