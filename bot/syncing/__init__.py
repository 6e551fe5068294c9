"""Turn a feed into sources of the corpus: episodes, articles, videos of explainers, and withdrawals."""
