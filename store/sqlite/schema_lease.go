package sqlite

// schema5 takes the leases of addresses out of the file: they live in memory
// (frontier_lease.go).
const schema5 = `
ALTER TABLE frontier DROP COLUMN token;
ALTER TABLE frontier DROP COLUMN again;
`
