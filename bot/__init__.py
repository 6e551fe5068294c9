"""A conversational explainer: questions answered word for word from a published corpus."""

__version__ = "0.1.0"
