"""Small contracts in EVM code, enough to make state, logs and reverts."""


def creation(runtime: bytes) -> bytes:
    """Return creation code that installs `runtime`."""
    size = f"{len(runtime):02x}"
    return bytes.fromhex(f"60{size}600c60003960{size}6000f3") + runtime


def logger(topics: int) -> bytes:
    """Return code that emits one log with the first `topics` words of its call data as topics."""
    words = b"".join(bytes([0x60, 32 * place, 0x35]) for place in reversed(range(topics)))
    return words + bytes.fromhex("60006000") + bytes([0xA0 + topics])


# Given two words (key, value) it stores; given one (key) it returns what is stored there.
STORE = bytes.fromhex("366040146013576000355460005260206000f35b6020356000355500")
# Reverts with its call data.
REVERT = bytes.fromhex("366000600037366000fd")
# Stores the block's time in slot 0; given call data it returns time and number of the block instead.
TIME = bytes.fromhex("3660095742600055005b426000524360205260406000f3")
# Never ends.
LOOP = bytes.fromhex("5b600056")
# Calls itself with all its gas.
RECURSE = bytes.fromhex("60006000600060006000305af100")
# Jumps to where no jump may go.
BROKEN = bytes.fromhex("600056")


def words(*numbers: int) -> bytes:
    """Return call data: each number in 32 bytes."""
    return b"".join(number.to_bytes(32, "big") for number in numbers)
