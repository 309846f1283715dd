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
    gate_codes,
    gate_statements,
    gate_trees,
    hour_files,
    inclusion,
    issuers,
    keys,
    node_proofs,
    nodes,
    pack_makers,
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
        "packs": packs.KINDS,
        "makers of packs": pack_makers.KINDS,
        "inclusion files": hour_files.KINDS,
        "gate statements": gate_statements.KINDS,
        "QR codes by value": (*gate_codes.KINDS, *gate_trees.KINDS),
    }
)
KINDS: tuple[Kind, ...] = tuple(kind for kinds in NOUNS.values() for kind in kinds)
