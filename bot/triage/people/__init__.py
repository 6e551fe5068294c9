"""Who may work in the console: accounts, how they sign in, and what they did."""
