"""Files of brokers and other programs, read into transactions and written from them."""
