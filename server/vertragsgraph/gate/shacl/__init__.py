"""SHACL: shapes, the engines that hold graphs against them, and their results in one form."""
