"""The ontology as data: Turtle files that a domain expert can read and edit."""
