"""Whatever must happen later: deferred in the caller's transaction, done by any worker."""
