"""a feed -> sources of the corpus: episodes, articles, videos of explainers, and what was withdrawn."""
