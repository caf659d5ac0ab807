/** Where `date_bin` begins to count, in SQL: its buckets are those of epoch milliseconds, and its days those of UTC. */
export const EPOCH = `'1970-01-01T00:00:00Z'`;
