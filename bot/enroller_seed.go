package bot

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"time"
)

// NewSeedLink is an authenticator that waits to be set up and for its code.
type NewSeedLink struct {
	Enrollment string // id of what is being enrolled
	Challenge  string
	Expires    time.Time // of the link, and of the change
	Refused    Reason
	Until      time.Time
}

// waitingSeed is what is sealed under a link.
type waitingSeed struct {
	Seed    []byte
	Account string // as the app will name it
	Expires time.Time
}

// OpenSeed draws a seed and opens the one-time link to it. An earlier link of
// the change is over.
func (n *Enroller) OpenSeed(ctx context.Context, s Self, do Doing, earlier string) (NewSeedLink, error) {
	f, err := n.begunChange(ctx, s, do, Authenticator)
	if err != nil {
		return NewSeedLink{}, err
	}
	proof, err := n.proved(f)
	if err != nil {
		return NewSeedLink{}, err
	}
	if why, until := stopped(f, f.Target()); why != "" {
		return NewSeedLink{Refused: why, Until: until}, nil
	}
	if earlier != "" {
		token, err := n.token(earlier)
		if err != nil {
			return NewSeedLink{}, err
		}
		if err := n.Seeds.DropSeed(ctx, seedID(token)); err != nil {
			return NewSeedLink{}, err
		}
	}
	e := Enrollment{ID: n.Desk.NewID(), Account: f.Target(), Type: Authenticator}
	c := n.challenge(f, e, "")
	c.Expires = proof.Expires
	if err := n.Records.OpenChallenge(ctx, c, SendLimits{}); err != nil {
		return NewSeedLink{}, err
	}
	me := f.Accounts[0].Account
	plain, err := json.Marshal(waitingSeed{Seed: n.NewSeed(), Account: me.Login + "@" + me.ID.Store, Expires: c.Expires})
	if err != nil {
		return NewSeedLink{}, E(Internal, "write seed", err)
	}
	token, err := n.token(e.ID)
	if err != nil {
		return NewSeedLink{}, err
	}
	id := seedID(token)
	sealed, err := n.Vault.Seal(plain, "seeds", id, "waiting")
	if err != nil {
		return NewSeedLink{}, err
	}
	return NewSeedLink{Enrollment: e.ID, Challenge: c.ID, Expires: c.Expires}, n.Seeds.PutSeed(ctx, id, sealed, c.Expires.Sub(f.Now))
}

// SeedLink gives the address of the one-time page. It is made of the keys each
// time it is shown, so that no session record holds it.
func (n *Enroller) SeedLink(enrollment string) (string, error) {
	token, err := n.token(enrollment)
	return n.Public + "/e/" + token, err
}

func (n *Enroller) token(enrollment string) (string, error) {
	mac, err := n.Vault.MAC("seed-link", enrollment)
	return base64.RawURLEncoding.EncodeToString(mac), err
}

// seedID is the key under which a seed waits. Whoever reads the store cannot
// open the page with it.
func seedID(token string) string {
	sum := sha256.Sum256([]byte("seed-link:" + token))
	return hex.EncodeToString(sum[:])
}

// Revealed is a seed that its owner may see, once.
type Revealed struct {
	Seed    []byte
	Account string // as the app will name it: login@store
	Expires time.Time
}

// Reveal opens the one-time link, once. NotFound: there is no such link, or it
// has run out. Conflict: it was opened before.
func (n *Enroller) Reveal(ctx context.Context, token string) (Revealed, error) {
	const longest = 128
	if token == "" || len(token) > longest {
		return Revealed{}, E(NotFound, "open one-time link", nil)
	}
	id := seedID(token)
	sealed, err := n.Seeds.Seed(ctx, id)
	if err != nil {
		return Revealed{}, err
	}
	w, err := n.waiting(sealed, id)
	if err != nil {
		return Revealed{}, err
	}
	if !n.Desk.Now().Before(w.Expires) {
		return Revealed{}, E(NotFound, "open one-time link", nil)
	}
	first, err := n.First(ctx, "seed-link:"+id, ProofLife+time.Minute)
	if err != nil {
		return Revealed{}, err
	}
	if !first {
		return Revealed{}, E(Conflict, "open one-time link", nil)
	}
	return Revealed(w), nil
}

func (n *Enroller) waiting(sealed []byte, id string) (w waitingSeed, err error) {
	plain, err := n.Vault.Open(sealed, "seeds", id, "waiting")
	if err != nil {
		return waitingSeed{}, err
	}
	if err := json.Unmarshal(plain, &w); err != nil {
		return waitingSeed{}, E(Internal, "read seed", err)
	}
	return w, nil
}

// FinishSeed judges the code that the app shows for the new seed and, where it
// is right, enrolls the authenticator. The code's step is used up by that.
func (n *Enroller) FinishSeed(ctx context.Context, s Self, do Doing, l NewSeedLink, typed string) (Verdict, Own, error) {
	f, err := n.begunChange(ctx, s, do, Authenticator)
	if err != nil {
		return Verdict{}, Own{}, err
	}
	token, err := n.token(l.Enrollment)
	if err != nil {
		return Verdict{}, Own{}, err
	}
	id := seedID(token)
	sealed, err := n.Seeds.Seed(ctx, id)
	if KindOf(err) == NotFound {
		return Verdict{Refused: ChallengeOver}, Own{}, nil
	}
	if err != nil {
		return Verdict{}, Own{}, err
	}
	w, err := n.waiting(sealed, id)
	if err != nil {
		return Verdict{}, Own{}, err
	}
	e := Enrollment{ID: l.Enrollment, Account: f.Target(), Type: Authenticator, Since: f.Now}
	if e.Seed, err = n.Vault.Seal(w.Seed, "enrollments", e.ID, "seed"); err != nil {
		return Verdict{}, Own{}, err
	}
	v, err := n.code(ctx, f, l.Challenge, e, typed, false)
	if err != nil || !v.Passed {
		return v, Own{}, err
	}
	v, own, err := n.finish(ctx, s, f, do, e)
	if err == nil {
		_ = n.Seeds.DropSeed(ctx, id) // it runs out by itself
	}
	return v, own, err
}
