package authenticator

import (
	"encoding/base32"
	"slices"
	"sync"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

const period = 30 * time.Second

// App holds the accounts of everybody's phone. All methods may be used from
// several goroutines.
type App struct {
	mu       sync.Mutex
	accounts map[string][]Account // by owner
}

// New makes an app without accounts.
func New() *App { return &App{accounts: map[string][]Account{}} }

// Code is what the app shows of one account.
type Code struct {
	Label  string
	Code   string
	Until  time.Time
	Period time.Duration
}

// Add puts an account on the phone of an owner, in the place of one with the
// same label.
func (a *App) Add(owner string, account Account) {
	a.mu.Lock()
	defer a.mu.Unlock()
	i := slices.IndexFunc(a.accounts[owner], func(have Account) bool { return have.Label == account.Label })
	if i >= 0 {
		a.accounts[owner][i] = account
		return
	}
	a.accounts[owner] = append(a.accounts[owner], account)
}

// Codes gives what the phone of an owner shows at a time.
func (a *App) Codes(owner string, now time.Time) []Code {
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []Code
	for _, account := range a.accounts[owner] {
		key := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(account.Seed)
		code, err := totp.GenerateCodeCustom(key, now, totp.ValidateOpts{Period: uint(period.Seconds()), Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			continue // Parse has read the seed
		}
		out = append(out, Code{Label: account.Label, Code: code, Until: now.Truncate(period).Add(period), Period: period})
	}
	return out
}
