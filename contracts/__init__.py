"""What the chain enforces: Solidity sources and the committed artifacts built from them."""
