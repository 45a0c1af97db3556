"""The query library as data: one SPARQL file a question."""
