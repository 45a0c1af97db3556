"""Benchmarks: each prints a ratio against a named baseline of the same run. None is a test; none asserts a time."""
