"""How closely to look at a consignment: readable rules over what its documents show. Pure."""
