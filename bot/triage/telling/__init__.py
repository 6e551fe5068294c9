"""Tell others by signed webhooks, mailed replies and digests; what is to be sent is kept until it arrives."""
