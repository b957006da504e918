package sqlite

import (
	"crypto/sha256"
	"database/sql"
	"encoding/binary"

	"minsheng/store"
)

// An address that is not asked again is known by 64 bits of its SHA-256 and by
// the time up to which it is known, in seconds since 2000, which fits four
// bytes: about 19 bytes a row, and 28 on pages that are filled as a B-tree fills
// them. Among a million addresses the chance that two are taken for one is
// 1 in 37 million.
const epoch2000 = 946_684_800

func seenID(url string) int64 {
	h := sha256.Sum256([]byte(url))
	return int64(binary.BigEndian.Uint64(h[:8]))
}

// seconds and milliseconds lead from the times of the other tables to those of
// seen and back.
func seconds(ms int64) int64     { return ms/1000 - epoch2000 }
func milliseconds(s int64) int64 { return (s + epoch2000) * 1000 }

// seen says up to when those links are known that were read for good.
func (t *tx) seen(links []store.Link) (map[int64]int64, error) {
	ids := make([]int64, len(links))
	for i, l := range links {
		ids[i] = seenID(l.URL)
	}
	known := map[int64]int64{}
	rows, err := t.rows(`SELECT s.id, s.upto FROM json_each(?) j CROSS JOIN seen s ON s.id = j.value`, text(ids))
	_, err = collect(rows, err, func(rows *sql.Rows) (_ struct{}, err error) {
		var id, upto int64
		err = rows.Scan(&id, &upto)
		known[id] = upto
		return struct{}{}, err
	})
	return known, err
}

// putAway moves an address that is not asked again out of the frontier. It is
// known up to its last change, and up to what its link said where that is
// later; one that could not be read, up to now. A link that said something else
// since has made the address due again, so it does not come here.
func (t *tx) putAway(a lease, f store.Fetch, o store.Outcome) error {
	changed := a.changed
	if o.Changed || o.Fault != nil || changed == 0 {
		changed = t.now
	}
	if err := t.exec(`DELETE FROM frontier WHERE id = ?`, f.ID); err != nil {
		return err
	}
	return t.exec(`INSERT INTO seen (id, upto) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET upto = excluded.upto`,
		seenID(f.URL), seconds(max(changed, ms(f.Published))+999))
}
