"""May I? People, things and a moment in; a Verdict out. No database, no request."""
