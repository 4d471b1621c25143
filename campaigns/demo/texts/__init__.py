"""What people of the demo wrote: a folder for each campaign, in TOML."""
