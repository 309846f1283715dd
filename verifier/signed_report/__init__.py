"""The signed report: a verdict that an authority signs, and anybody can make again later (docs/report.md)."""
