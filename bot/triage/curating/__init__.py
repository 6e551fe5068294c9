"""Answer everyone: staff write or choose answers, approve them, and the bot gives them from then on."""
