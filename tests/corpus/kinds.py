"""Every kind of the corpus, by noun."""

from collections.abc import Mapping
from types import MappingProxyType

from tests.corpus import (
    claims,
    clocks,
    disclosures,
    envelope,
    evidence_files,
    finality,
    inclusion,
    issuers,
    keys,
    node_proofs,
    nodes,
    packs,
    payloads,
    sources,
    statuses,
)
from tests.corpus.kind import Kind

NOUNS: Mapping[str, tuple[Kind, ...]] = MappingProxyType(
    {
        "envelope": envelope.KINDS,
        "claims": claims.KINDS,
        "disclosures": disclosures.KINDS,
        "inclusion": inclusion.KINDS,
        "finality": finality.KINDS,
        "keys": keys.KINDS,
        "issuers": issuers.KINDS,
        "statuses": statuses.KINDS,
        "clocks": clocks.KINDS,
        "nodes": nodes.KINDS,
        "proofs of nodes": node_proofs.KINDS,
        "sources": sources.KINDS,
        "payloads": payloads.KINDS,
        "evidence files": evidence_files.KINDS,
    }
)
ON_CHAIN: Mapping[str, tuple[Kind, ...]] = MappingProxyType({"packs": packs.KINDS})
"""What only the embedded chain can do."""
KINDS: tuple[Kind, ...] = tuple(kind for kinds in NOUNS.values() for kind in kinds)
