"""The live server under load: simulated persons before real sockets, and what answering costs."""
