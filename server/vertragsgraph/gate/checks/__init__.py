"""The checks of the gate: each looks at the graphs and says what is wrong, and where in the sources."""
