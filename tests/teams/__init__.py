"""Teams acted out: what Microsoft documents of Direct Routing, over real TLS, and the rules that we keep towards it."""
