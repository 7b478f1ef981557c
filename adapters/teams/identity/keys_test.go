package identity

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"testing"
	"time"
)

func (s *stage) must(t *testing.T, k token, what string) {
	t.Helper()
	if err := check(s.Validator, bearing(k.String()), ours); err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

func TestRotationIsSeenOnTheFirstRequest(t *testing.T) {
	s := newStage(t)
	s.must(t, s.token(), "before")
	s.pass(2 * time.Minute)
	s.publish(jwk("k2", &stranger().PublicKey, teamsChannel))
	s.must(t, s.token().head("kid", "k2").by(stranger()), "the first with the new key")
	if err := check(s.Validator, bearing(s.token().String()), ours); err == nil {
		t.Error("the old key is taken after it was withdrawn, though a new set is known")
	}
	if n := s.fetched(); n != 2 {
		t.Errorf("%d metadata fetches, want 2", n)
	}
}

func TestWithdrawnKeyTakesRememberedTokensWithIt(t *testing.T) {
	s := newStage(t)
	k := s.token().with("exp", s.clock().Add(48*time.Hour).Unix())
	s.must(t, k, "before")
	s.pass(keysLife + time.Second)
	s.publish(jwk("k2", &stranger().PublicKey, teamsChannel))
	if err := check(s.Validator, bearing(k.String()), ours); reasonOf(err) != UnknownKey {
		t.Errorf("got %v", err)
	}
}

func TestRememberedTokenEnds(t *testing.T) {
	s := newStage(t)
	k := s.token()
	s.must(t, k, "first")
	s.must(t, k, "second")
	s.pass(time.Hour + maxSkew + time.Second)
	if err := check(s.Validator, bearing(k.String()), ours); reasonOf(err) != Stale {
		t.Errorf("got %v", err)
	}
}

func TestOutageIsServedByOldKeys(t *testing.T) {
	s := newStage(t)
	s.must(t, s.token(), "before")
	s.turn(true)
	for hour := 12; hour < 7*24; hour += 12 {
		s.pass(12 * time.Hour)
		s.must(t, s.token(), "in the outage")
	}
	s.pass(24 * time.Hour)
	if err := check(s.Validator, bearing(s.token().String()), ours); reasonOf(err) != NoKeys {
		t.Errorf("after a week: %v", err)
	}
	s.turn(false)
	s.pass(keysPause)
	s.must(t, s.token(), "after the outage")
}

func TestAtMostOneFetchAMinute(t *testing.T) {
	s := newStage(t)
	s.turn(true)
	for second := range 600 {
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				if err := check(s.Validator, bearing(s.token().head("kid", "k"+time.Duration(second).String()).String()), ours); err == nil {
					t.Error("an unknown key passes")
				}
			})
		}
		all.Wait()
		s.pass(time.Second)
	}
	if n := s.fetched(); n != 10 {
		t.Errorf("%d metadata fetches in ten minutes", n)
	}
}

func TestManyAtOnceFetchOnce(t *testing.T) {
	s := newStage(t)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() { s.must(t, s.token(), "at once") })
	}
	all.Wait()
	if n := s.fetched(); n != 1 {
		t.Errorf("%d metadata fetches", n)
	}
}

// Who goes away while keys are fetched spoils it for nobody.
func TestCallerGivesUp(t *testing.T) {
	s := newStage(t)
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Verify(gone, bearing(s.token().String())); err != nil && reasonOf(err) != NoKeys {
		t.Errorf("got %v", err)
	}
	s.must(t, s.token(), "the next one")
	if n := s.fetched(); n != 1 {
		t.Errorf("%d metadata fetches", n)
	}
}

func TestKeysThatAreNotUsed(t *testing.T) {
	public := &microsoft().PublicKey
	good := jwk("k1", public, teamsChannel)
	for name, keys := range map[string][]map[string]any{
		"for encryption":     {changed(good, "use", "enc")},
		"for RS512":          {changed(good, "alg", "RS512")},
		"elliptic":           {changed(good, "kty", "EC")},
		"no id":              {changed(good, "kid", nil)},
		"no modulus":         {changed(good, "n", nil)},
		"short modulus":      {changed(good, "n", b64(public.N.Bytes()[:128]))},
		"even modulus":       {changed(good, "n", b64(append(public.N.Bytes()[:255:255], 2)))},
		"huge modulus":       {changed(good, "n", b64(make([]byte, maxModulus)))},
		"exponent 1":         {changed(good, "e", b64([]byte{1}))},
		"exponent 2":         {changed(good, "e", b64([]byte{2}))},
		"huge exponent":      {changed(good, "e", b64(make([]byte, 9)))},
		"two with one id":    {good, jwk("k1", &stranger().PublicKey, teamsChannel)},
		"three with one id":  {good, good, good},
		"nothing at all":     {},
		"endorsed otherwise": {changed(good, "endorsements", "msteams")},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.publish(keys...)
			if err := check(s.Validator, bearing(s.token().String()), ours); err == nil {
				t.Error("it is used")
			}
		})
	}
}

func TestMetadataOfAnotherIssuer(t *testing.T) {
	s := newStage(t)
	s.issuer = "https://evil.example"
	if err := check(s.Validator, bearing(s.token().String()), ours); reasonOf(err) != NoKeys {
		t.Errorf("got %v", err)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	m := memory{held: map[[32]byte]Caller{}}
	now := time.Unix(1_790_000_000, 0)
	for i := range 3 * maxRemembered {
		m.keep([32]byte{byte(i), byte(i >> 8)}, Caller{ends: now.Add(time.Hour)}, now)
	}
	if len(m.held) > maxRemembered {
		t.Errorf("%d tokens are held", len(m.held))
	}
}

func TestNewRefuses(t *testing.T) {
	cloud, _ := CloudOf("", tenant)
	insecure, hostless := cloud, cloud
	insecure.MetadataURL = "http://login.botframework.com/x"
	hostless.ServiceHosts = nil
	for name, cfg := range map[string]Config{
		"no app id": {Tenant: tenant, Cloud: cloud}, "blank app id": {AppID: " ", Tenant: tenant, Cloud: cloud}, "no tenant": {AppID: appID, Cloud: cloud},
		"no cloud": {AppID: appID, Tenant: tenant}, "metadata without TLS": {AppID: appID, Tenant: tenant, Cloud: insecure}, "no hosts": {AppID: appID, Tenant: tenant, Cloud: hostless},
	} {
		if v, err := New(cfg); err == nil || v != nil {
			t.Errorf("%s: built", name)
		}
	}
}

func TestClouds(t *testing.T) {
	for name, host := range map[string]string{"public": "smba.trafficmanager.net", "gcc": "smba.infra.gcc.teams.microsoft.com", "gcchigh": "smba.infra.gov.teams.microsoft.us", "dod": "smba.infra.dod.teams.microsoft.us"} {
		c, err := CloudOf(name, tenant)
		if err != nil || c.validate() != nil || !c.Serves("https://"+host+"/emea/") || !c.Serves("https://"+host+":443/") {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
	if _, err := CloudOf("china", tenant); err == nil {
		t.Error("a cloud that is not known is given")
	}
	local := Cloud{ServiceHosts: []string{"127.0.0.1"}}
	if !local.Serves("http://127.0.0.1:4711/teams/") {
		t.Error("a listed loopback address is refused")
	}
}

func FuzzVerify(f *testing.F) {
	s := newStage(f)
	f.Add("Bearer " + s.token().by(stranger()).String())
	f.Add("Bearer " + s.token().head("alg", "none").text() + ".")
	f.Add("Bearer ..")
	f.Fuzz(func(t *testing.T, header string) {
		if _, err := s.Verify(context.Background(), http.Header{"Authorization": {header}}); err == nil {
			t.Errorf("%q passes", header)
		} else if reasonOf(err) == "" {
			t.Errorf("%v has no reason", err)
		}
	})
}

func FuzzKeys(f *testing.F) {
	f.Add([]byte(`{"keys":[{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB"}]}`))
	if good, err := json.Marshal(map[string]any{"keys": []any{jwk("a", &microsoft().PublicKey, teamsChannel)}}); err == nil {
		f.Add(good)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var set keySet
		if json.Unmarshal(data, &set) != nil {
			return
		}
		for id, k := range set.usable() {
			if id == "" || k.public.N.BitLen() < minModulus || k.public.E < 3 {
				t.Errorf("key %q is used", id)
			}
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	s := newStage(b)
	remembered := bearing(s.token().String())
	b.Run("remembered", func(b *testing.B) {
		for b.Loop() {
			if err := check(s.Validator, remembered, ours); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("in full", func(b *testing.B) {
		text := s.token().String()
		for b.Loop() {
			if _, err := s.read(context.Background(), text); err != nil {
				b.Fatal(err)
			}
		}
	})
}
