"""Making a digest public and its payload findable."""
