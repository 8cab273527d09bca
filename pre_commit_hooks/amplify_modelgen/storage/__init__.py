"""Read and write files safely: those of the project, and the state of a checkout."""
