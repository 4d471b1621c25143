"""May I? The sponsor's team's own rules: people, things, a moment in; a Verdict out. No database, no request."""
