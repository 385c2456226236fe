"""Taking statements out of releases: what is to go, doing it, and the proof that it is gone."""
