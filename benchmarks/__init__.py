"""Figures that take long to compute, and timings: ``python -m benchmarks --help``."""
