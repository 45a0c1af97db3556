"""The machine: from report files to statements, store, queries, pictures and exports."""

__version__ = "0.1.0"
