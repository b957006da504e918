package sqlite

// schema6 takes the titles of links out of the file: nobody read them, and they
// were not masked.
const schema6 = `
ALTER TABLE frontier DROP COLUMN title;
`
