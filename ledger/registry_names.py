"""The registries by the names of their contracts."""

AUTHORITIES = "AuthorityRegistry"
ISSUERS = "IssuerRegistry"
DOCUMENTS = "DocumentRegistry"
RECOGNITIONS = "RecognitionRegistry"
OPERATORS = "OperatorRegistry"
