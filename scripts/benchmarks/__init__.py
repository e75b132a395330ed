"""What the benchmarks of calls share: SIP parties, their sound, and a floor with a core of its own."""
