"""Fixtures of the pipeline's tests."""

from tests.pipeline.flow_news import flow

__all__ = ["flow"]
