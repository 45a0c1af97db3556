"""The local web server: a SPARQL endpoint, pages for people, the same IRIs for programs."""
