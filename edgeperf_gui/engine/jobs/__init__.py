"""Long jobs: ordinary functions `run(spec, outbox, stop)`, each in a child process of its own."""
