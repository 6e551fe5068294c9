"""Keep the accounts of the console: who may work there, how they sign in, and what they did."""
