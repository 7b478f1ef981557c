package conformance

import (
	"context"
	"testing"
	"time"

	"latchkey/bot"
)

// lock: its life as a person lives it.
func lock(t *testing.T, h Harness) {
	t.Run("locked and unlocked", func(t *testing.T) { lockedAndUnlocked(t, h) })
	t.Run("run out", func(t *testing.T) { runOut(t, h) })
	t.Run("locked for good", func(t *testing.T) { lockedForGood(t, h) })
}

func lockedAndUnlocked(t *testing.T, h Harness) {
	ctx := context.Background()
	srv := h.Shared(t)
	s := open(t, srv.Config())
	who := srv.Add(t, Person{Under: srv.Inside(t)})
	if err := srv.Bind(who.DN, who.Password); err != nil {
		t.Fatal(err)
	}
	a := locked(t, srv, s, who)
	if err := srv.Bind(who.DN, who.Password); err == nil {
		t.Fatal("the directory lets a locked person in")
	}
	l := a.Lock
	if l.Value == "" || l.BadPasswords != 3 || time.Since(l.Since).Abs() > time.Minute || time.Since(l.LastBadPassword).Abs() > time.Minute {
		t.Errorf("the lock reads %+v", l)
	}
	if left := time.Until(l.Until); left < 25*time.Minute || left > 31*time.Minute {
		t.Errorf("a lock of 30 minutes ends at %s", l.Until)
	}
	grant := Grant(t, a)
	if err := s.Unlock(ctx, grant); err != nil {
		t.Fatal(err)
	}
	b, err := s.Written(ctx, a.ID.GUID)
	if err != nil || b.Lock.State != bot.Unlocked || b.Lock.BadPasswords != 0 {
		t.Errorf("read back: %+v, %v", b.Lock, err)
	}
	if err := srv.Bind(who.DN, "wrong"); err == nil {
		t.Error("a wrong password is let in")
	}
	if err := srv.Bind(who.DN, who.Password); err != nil {
		t.Errorf("the right password is refused after the unlock and one wrong try: %v", err)
	}
	wantKind(t, s.Unlock(ctx, grant), bot.Conflict)
}

func runOut(t *testing.T, h Harness) {
	ctx := context.Background()
	srv, shorten, lasts := h.Brief(t)
	s := open(t, srv.Config())
	who := srv.Add(t, Person{Under: srv.Inside(t)})
	shorten(t, who.DN)
	a := locked(t, srv, s, who)
	if left := time.Until(a.Lock.Until); left > lasts+time.Second {
		t.Errorf("a lock of %v ends in %v", lasts, left)
	}
	among := func() []string { return loginsOf(found(t, s, bot.Query{Text: who.Login, Locked: true, Limit: 1})) }
	if got := among(); len(got) != 1 {
		t.Errorf("among those who are locked there is %q", got)
	}
	eventually(t, lasts+5*time.Second, "unlocked by itself", func() bool { return byLogin(t, s, who.Login).Lock.State == bot.Unlocked })
	if b := byLogin(t, s, who.Login); b.Lock.Value != a.Lock.Value || !b.Lock.Until.IsZero() {
		t.Errorf("a lock that has run out reads %+v", b.Lock)
	}
	if got := among(); len(got) != 0 {
		t.Errorf("after the lock ran out, among those who are locked there is %q", got)
	}
	wantKind(t, s.Unlock(ctx, Grant(t, a)), bot.Conflict)
	if err := srv.Bind(who.DN, who.Password); err != nil {
		t.Errorf("the right password is refused after the lock ran out: %v", err)
	}
}

func lockedForGood(t *testing.T, h Harness) {
	ctx := context.Background()
	if h.LockForGood == nil {
		return // this kind of directory has no such thing
	}
	srv := h.Shared(t)
	s := open(t, srv.Config())
	who := srv.Add(t, Person{Under: srv.Inside(t)})
	grant := Grant(t, locked(t, srv, s, who))
	h.LockForGood(t, srv, who.DN) // between the look and the click
	wantKind(t, s.Unlock(ctx, grant), bot.Conflict)
	a := byLogin(t, s, who.Login)
	if a.Lock.State != bot.LockedByAdministrator || !a.Lock.Until.IsZero() {
		t.Errorf("an administrator's lock reads %+v", a.Lock)
	}
	a.Lock.State = bot.Locked // as if somebody had decided so
	wantKind(t, s.Unlock(ctx, Grant(t, a)), bot.Conflict)
	if err := srv.Bind(who.DN, who.Password); err == nil {
		t.Error("an administrator's lock was undone")
	}
}
