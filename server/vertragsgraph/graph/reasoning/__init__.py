"""What follows from the data by the axioms of the ontology (OWL 2 RL), and why."""
