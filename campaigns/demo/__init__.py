"""The demo company at work: six campaigns with their ideas, talk, votes and letters, put on by `flask seed --demo`."""
