package main

import (
	"context"
	"strings"
	"time"

	"go.uber.org/zap"

	"latchkey/bot"
	"latchkey/store/vault"
)

func (p *program) listEnrollments(ctx context.Context, e enrolling) error {
	type row struct {
		Type            bot.Type  `json:"type"`
		Since           time.Time `json:"since"`
		Address         string    `json:"address,omitempty"`
		ByAdministrator bool      `json:"by_administrator"`
		Counts          bool      `json:"counts"`        // old enough, the store uses the type, and the keys open it
		Why             string    `json:"why,omitempty"` // it does not count
	}
	return p.onRecord(ctx, e.subject, func(o opened) error {
		list, err := o.ledger.Enrollments(ctx, []bot.AccountID{o.account.ID})
		if err != nil {
			return err
		}
		keys, keysErr := openVault(o.cfg, zap.NewNop())
		out, rows := []row{}, [][]string{}
		for _, one := range list {
			r := row{Type: one.Type, Since: one.Since.UTC(), Address: listed(keys, one), ByAdministrator: one.ByAdministrator}
			counts := "yes"
			switch begins := one.Since.Add(o.cfg.Enrollment.MinAge.Std()); {
			case isSealed(one) && (keysErr != nil || !opens(keys, one)):
				r.Why = "the key file does not open it"
			case used(o.cfg, o.account.ID.Store, one.Type) != nil:
				r.Why = "the store does not use the type"
			case !one.ByAdministrator && p.now().Before(begins):
				r.Why = "not before " + begins.UTC().Format(time.DateTime)
			}
			if r.Counts = r.Why == ""; !r.Counts {
				counts = "no: " + r.Why
			}
			out = append(out, r)
			rows = append(rows, []string{string(r.Type), r.Since.Format(time.DateTime), r.Address, yes(r.ByAdministrator), counts})
		}
		text := personOf(o.account).String() + " is not enrolled."
		if len(rows) > 0 {
			text = table([]string{"TYPE", "SINCE (UTC)", "ADDRESS", "BY ADMINISTRATOR", "COUNTS"}, rows)
		}
		return p.answer(map[string]any{"person": personOf(o.account), "enrollments": out}, text)
	})
}

func (p *program) unenroll(ctx context.Context, e enrolling) error {
	var types []bot.Type
	if e.kind != "" {
		t, err := typeNamed(e.kind)
		if err != nil {
			return err
		}
		types = []bot.Type{t}
	}
	return p.onLedger(ctx, e.subject, func(o opened) error {
		r := p.recordOn(o.account, bot.ActionUnenroll)
		if r.Types = types; types == nil {
			list, err := o.ledger.Enrollments(ctx, []bot.AccountID{o.account.ID})
			if err != nil {
				return err
			}
			for _, one := range list {
				r.Types = append(r.Types, one.Type)
			}
		}
		err := o.ledger.Unenroll(ctx, o.account.ID, types, r)
		switch {
		case bot.KindOf(err) == bot.NotFound && types != nil:
			return &bot.Error{Kind: bot.NotFound, Op: "unenroll", Err: err, Text: personOf(o.account).String() + " is not enrolled with " + types[0].Name() + "."}
		case bot.KindOf(err) == bot.NotFound:
			return &bot.Error{Kind: bot.NotFound, Op: "unenroll", Err: err, Text: personOf(o.account).String() + " is not enrolled."}
		case err != nil:
			return err
		}
		names := make([]string, len(r.Types))
		for i, t := range r.Types {
			names[i] = t.Name()
		}
		return p.answer(map[string]any{"person": personOf(o.account), "removed": r.Types}, "Removed "+strings.Join(names, ", ")+" from "+personOf(o.account).String()+".")
	})
}

// listed is an enrollment's address as a list shows it; "" where no key opens
// it, or there are no keys (nil). Personal numbers are more private than mail
// addresses of the company, which tell who somebody is.
func listed(keys *vault.Vault, e bot.Enrollment) string {
	if keys == nil && len(e.Contact) > 0 {
		return ""
	}
	address, err := keys.Address(e)
	switch {
	case err != nil:
		return ""
	case e.Type == bot.Mobile:
		return bot.Mask(address)
	}
	return address
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
