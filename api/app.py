"""The HTTP application."""

from importlib.metadata import version

from fastapi import FastAPI

from api import problems
from api.answering import Answers
from api.change_feed import ChangeFeed
from api.change_hub import ChangeHub
from api.framing import OneFraming
from api.node import Node
from api.pack_office import PackOffice
from api.registry_lists import RegistryLists
from api.registry_reading import KEPT
from api.request_meter import RequestMeter
from api.routes import (
    arrangements,
    authorities,
    breaches,
    bulk_verifications,
    changes,
    decisions,
    documents,
    evidence,
    gates,
    health,
    intents,
    issuers,
    lists,
    offline_verdicts,
    openapi,
    operators,
    packs,
    payloads,
    proposals,
    recognitions,
    reports,
    statuses,
    verifications,
)
from api.turnstile import Turnstile
from verifier.fact_cache import FactCache

_SUMMARY = "A ledger for trade documents: register, verify, open; ask who may issue."


def create_app(node: Node) -> FastAPI:
    """Return the application that answers for `node`."""
    app = FastAPI(
        title="Portseal",
        summary=_SUMMARY,
        version=version("portseal"),
        # The usual pages load scripts from elsewhere; /openapi.json is what a tool needs.
        docs_url=None,
        redoc_url=None,
        # A redirect would name whatever host the request claims to be for.
        redirect_slashes=False,
        # Its own spans name whole paths, and its logs what exceptions say; ours (RequestMeter) name routes.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.node = node
    app.state.registry_facts = FactCache(KEPT)
    app.state.answers = Answers(node)
    since = max(node.network.deployed_at, 1)
    app.state.change_feed = ChangeFeed(node.chain, node.registries, node.finality, since)
    app.state.registry_lists = RegistryLists(node.chain, node.registries, since)
    app.state.pack_office = PackOffice(node.database)
    app.state.turnstile = Turnstile(node.settings.anonymous_at_once, node.settings.anonymous_per_minute)
    app.state.change_hub = ChangeHub(app.state.change_feed)
    node.closing.insert(0, app.state.change_hub.close)
    problems.install(app)
    app.add_middleware(OneFraming)
    app.add_middleware(RequestMeter)
    registries = (issuers, authorities, lists, recognitions, arrangements, operators, proposals, changes)
    at_the_gate = (packs, offline_verdicts, gates)
    verifying = (verifications, bulk_verifications, decisions, evidence, reports)
    documents_ = (documents, breaches, payloads, statuses, intents)
    # Looked through in this order, so what is asked most comes first.
    for module in (*verifying, *documents_, *at_the_gate, *registries):
        app.include_router(module.router, responses=openapi.PROBLEMS)
    app.include_router(health.router)
    return app
