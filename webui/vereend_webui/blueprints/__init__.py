"""The pages and the services, each with the data its templates may use."""
