package bot

import (
	"context"
	"slices"
)

// linked gives the accounts of the same person in other stores: those that the
// stores' own attribute links, and those that the person has linked by himself.
// A store that does not answer is named in unread: whatever it holds is then
// neither shown nor counted.
func (d *Desk) linked(ctx context.Context, a Account) (linked []Account, unread []string, err error) {
	if linked, unread, err = d.linkedByDirectory(ctx, a); err != nil {
		return nil, nil, err
	}
	ids, err := d.Records.Linked(ctx, a.ID)
	if err != nil {
		return nil, nil, err
	}
	for _, id := range ids {
		known := func(l Account) bool { return l.ID.Store == id.Store }
		dir := d.Directories[id.Store]
		if dir == nil || id.Store == a.ID.Store || slices.ContainsFunc(linked, known) || slices.Contains(unread, id.Store) {
			continue
		}
		other, err := dir.Account(ctx, id.GUID)
		switch KindOf(err) {
		case "":
			linked = append(linked, other)
		case NotFound:
		case Unavailable:
			unread = append(unread, id.Store)
		default:
			return nil, nil, err
		}
	}
	return linked, unread, nil
}

// linkedByDirectory gives those that have the same value of the link attribute,
// where exactly one account of each store, the given one's included, has it.
func (d *Desk) linkedByDirectory(ctx context.Context, a Account) (linked []Account, unread []string, err error) {
	own := d.Policy.Store(a.ID.Store)
	if own == nil || !own.Links || a.Link == "" {
		return nil, nil, nil
	}
	dir, err := d.directory(a.ID.Store)
	if err != nil {
		return nil, nil, err
	}
	if _, err := dir.Lookup(ctx, FieldLink, a.Link); err != nil {
		if k := KindOf(err); k == Conflict || k == NotFound {
			return nil, nil, nil // two accounts share the value: it names nobody
		}
		return nil, nil, err
	}
	for _, s := range d.Policy.Stores {
		if s.Name == a.ID.Store || !s.Links {
			continue
		}
		dir, err := d.directory(s.Name)
		if err != nil {
			return nil, nil, err
		}
		other, err := dir.Lookup(ctx, FieldLink, a.Link)
		switch KindOf(err) {
		case "":
			linked = append(linked, other)
		case NotFound, Conflict:
		case Unavailable:
			unread = append(unread, s.Name)
		default:
			return nil, nil, err
		}
	}
	return linked, unread, nil
}
