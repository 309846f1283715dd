"""What this process did for the replicas in its stores (Prometheus)."""

from prometheus_client import Counter

AUDITED = Counter("portseal_store_audited", "Payloads and manifests fetched and hashed by the audit.", ["store"])
AUDITED_BYTES = Counter("portseal_store_audited_bytes", "Bytes of them, each counted as 4096 at least.", ["store"])
FAULTS = Counter("portseal_store_faults", "Replicas found missing or damaged, by reason.", ["store", "code"])
FILLED = Counter("portseal_store_filled", "Payloads and manifests brought to a store that lacked them.", ["store"])
TOO_FEW = Counter("portseal_replicas_too_few", "How often one was found with fewer replicas than are wanted.")
LOST = Counter("portseal_replicas_lost", "How often one was found that no store has whole.")
