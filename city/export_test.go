package city

// CheckPayload reads a chat message and forgets it.
func CheckPayload(raw []byte) error {
	m, err := read(raw)
	if err == nil {
		words(m)
	}
	return err
}
