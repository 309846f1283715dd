"""Traces by OpenTelemetry: spans of requests and of steps go to a collector, if one is named."""

from ledger.errors import Invalid


def configure(endpoint: str | None, authority: str) -> None:
    """Send the spans of this process to `endpoint` (OTLP over HTTP, `http://127.0.0.1:4318/v1/traces`); None: nowhere.

    Raises Invalid `settings.tracing` where the extra `tracing` is not installed.
    """
    if endpoint is None:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise Invalid(
            "settings.tracing",
            "traces are asked for, and the parts that send them are not installed",
            mend="install portseal[tracing], or leave PORTSEAL_TRACES away",
        ) from None
    from opentelemetry import trace

    provider = TracerProvider(resource=Resource.create({"service.name": "portseal", "portseal.authority": authority}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    trace.set_tracer_provider(provider)
