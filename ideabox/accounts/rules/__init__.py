"""May I? Pure: people, words and moments in, a Verdict out."""
