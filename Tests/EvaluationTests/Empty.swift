// Removed with the first real suite.
