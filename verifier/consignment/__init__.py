"""Documents of one consignment, laid beside each other. Pure: nothing is read but the documents."""
