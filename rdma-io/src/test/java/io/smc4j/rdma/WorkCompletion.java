package io.smc4j.rdma;

/** A completion as tests keep it. */
public record WorkCompletion(long id, CompletionStatus status, int queuePair, int bytes, boolean receive) {}
