"""Reference data of the state and of common knowledge, each file with its source in README.md."""
