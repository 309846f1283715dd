"""What an operator does in trade, as the registries count it: a sum of bits (IRecognitionRegistry.sol, Terms)."""

from enum import IntFlag


class TradeRole(IntFlag):
    """Roles of an operator. None (0) means whatever the role, in terms; not stated, for an operator."""

    EXPORTER = 1
    IMPORTER = 2
    CARRIER = 4
    FORWARDER = 8
    CUSTOMS_BROKER = 16
    WAREHOUSE = 32
    TERMINAL = 64
    MANUFACTURER = 128


ANY_ROLE = TradeRole(0)
