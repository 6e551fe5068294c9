"""A conversational explainer that answers questions word for word from a published corpus."""

__version__ = "0.1.0"
