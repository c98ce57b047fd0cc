"""An engine across a socket: the server, the client, and the local door. Imports api only."""
