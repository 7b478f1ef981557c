package vault

import "latchkey/bot"

// SealAddress gives the enrollment with its address sealed into Contact, and
// none in the open. One without an address is given back as it is.
func (v *Vault) SealAddress(e bot.Enrollment) (bot.Enrollment, error) {
	if e.Address == "" {
		return e, nil
	}
	contact, err := v.Seal([]byte(e.Address), "enrollments", e.ID, "contact")
	if err != nil {
		return bot.Enrollment{}, err
	}
	e.Contact, e.Address = contact, ""
	return e, nil
}

// Address gives an enrollment's address, which rows of earlier versions hold in
// the open; "" where the type has none. Internal as Open.
func (v *Vault) Address(e bot.Enrollment) (string, error) {
	if len(e.Contact) == 0 {
		return e.Address, nil
	}
	plain, err := v.Open(e.Contact, "enrollments", e.ID, "contact")
	return string(plain), err
}
