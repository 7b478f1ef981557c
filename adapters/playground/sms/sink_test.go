package sms_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"latchkey/adapters/playground/sms"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	account = "AC00000000000000000000000000000001"
	token   = "token"
	from    = "+15550100100"
	mei     = "+12025550123"
	path    = "/2010-04-01/Accounts/" + account + "/Messages.json"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func start(t *testing.T) (*sms.Sink, string) {
	t.Helper()
	sink, err := sms.New(sms.Options{AccountSID: account, AuthToken: token, From: from, Header: "Authorization", HeaderValue: "Bearer demo",
		Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sink)
	t.Cleanup(func() {
		server.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return sink, server.URL
}

// ask sends a request and gives the answer's status and JSON.
func ask(t *testing.T, r *http.Request) (int, map[string]any) {
	t.Helper()
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	out := map[string]any{}
	if resp.ContentLength != 0 {
		if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
			t.Fatal(err)
		}
	}
	return resp.StatusCode, out
}

func request(t *testing.T, method, address, kind, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	return r
}

// twilio posts a form as a client of Twilio's does; pairs replace its fields.
func twilio(t *testing.T, base string, pairs ...string) *http.Request {
	t.Helper()
	form := url.Values{"To": {mei}, "From": {from}, "Body": {"012345 is your code"}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r := request(t, http.MethodPost, base+path, "application/x-www-form-urlencoded", form.Encode())
	r.SetBasicAuth(account, token)
	return r
}

func TestAMessageIsTakenAsTwilioTakesIt(t *testing.T) {
	sink, base := start(t)
	status, got := ask(t, twilio(t, base))
	sid, _ := got["sid"].(string)
	if status != http.StatusCreated || len(sid) != 34 || !strings.HasPrefix(sid, "SM") {
		t.Fatalf("answered %d, %v", status, got)
	}
	uri := "/2010-04-01/Accounts/" + account + "/Messages/" + sid
	want := map[string]any{
		"account_sid": account, "api_version": "2010-04-01", "body": "012345 is your code", "date_created": "Wed, 04 Mar 2026 12:00:00 +0000",
		"date_sent": nil, "date_updated": "Wed, 04 Mar 2026 12:00:00 +0000", "direction": "outbound-api", "error_code": nil, "error_message": nil,
		"from": from, "messaging_service_sid": nil, "num_media": "0", "num_segments": "1", "price": nil, "price_unit": "USD", "sid": sid,
		"status": "queued", "subresource_uris": map[string]any{"media": uri + "/Media.json"}, "to": mei, "uri": uri + ".json",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	all := sink.Messages(mei)
	if len(all) != 1 || all[0].Text != "012345 is your code" || all[0].From != from || !all[0].At.Equal(noon) {
		t.Errorf("the phone has %+v", all)
	}
	if len(sink.Messages(from)) != 0 {
		t.Error("somebody else has it too")
	}
}

func TestWhatTwilioRefuses(t *testing.T) {
	sink, base := start(t)
	with := func(change func(*http.Request)) *http.Request { r := twilio(t, base); change(r); return r }
	for name, c := range map[string]struct {
		request      *http.Request
		status, code int
	}{
		"no login":         {with(func(r *http.Request) { r.Header.Del("Authorization") }), 401, 20003},
		"wrong token":      {with(func(r *http.Request) { r.SetBasicAuth(account, "wrong") }), 401, 20003},
		"wrong account":    {with(func(r *http.Request) { r.SetBasicAuth("AC2", token) }), 401, 20003},
		"foreign account":  {with(func(r *http.Request) { r.URL.Path = "/2010-04-01/Accounts/AC2/Messages.json" }), 401, 20003},
		"another resource": {with(func(r *http.Request) { r.URL.Path = "/2010-04-01/Accounts/" + account + "/Calls.json" }), 404, 20404},
		"the list":         {with(func(r *http.Request) { r.Method = http.MethodGet }), 405, 20004},
		"no To":            {twilio(t, base, "To", ""), 400, 21604},
		"no From":          {twilio(t, base, "From", ""), 400, 21603},
		"no Body":          {twilio(t, base, "Body", ""), 400, 21602},
		"national To":      {twilio(t, base, "To", "2025550123"), 400, 21211},
		"short To":         {twilio(t, base, "To", "+1555"), 400, 21211},
		"long To":          {twilio(t, base, "To", "+1234567890123456"), 400, 21211},
		"spaced To":        {twilio(t, base, "To", "+1 202 555 0123"), 400, 21211},
		"trailing line":    {twilio(t, base, "To", mei+"\n"), 400, 21211},
		"national From":    {twilio(t, base, "From", "5550100"), 400, 21212},
		"foreign From":     {twilio(t, base, "From", "+15550100999"), 400, 21606},
		"to itself":        {twilio(t, base, "To", from), 400, 21266},
		"1601 characters":  {twilio(t, base, "Body", strings.Repeat("ü", 1601)), 400, 21617},
		"JSON":             {with(func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }), 400, 21604},
		"in the address":   {request(t, http.MethodPost, base+path+"?To=%2B12025550123", "application/x-www-form-urlencoded", "Body=x"), 401, 20003},
		"too much":         {twilio(t, base, "Body", strings.Repeat("x", 65<<10)), 400, 20001},
	} {
		status, got := ask(t, c.request)
		more := fmt.Sprintf("https://www.twilio.com/docs/errors/%d", c.code)
		if status != c.status || got["code"] != float64(c.code) || got["status"] != float64(c.status) || got["more_info"] != more || got["message"] == "" {
			t.Errorf("%s: answered %d, %v", name, status, got)
		}
	}
	sink.Throttle(true)
	if status, got := ask(t, twilio(t, base)); status != http.StatusTooManyRequests || got["code"] != float64(20429) {
		t.Errorf("throttled: answered %d, %v", status, got)
	}
	sink.Throttle(false)
	if all := sink.Messages(mei); len(all) != 0 {
		t.Errorf("what was refused has come: %v", all)
	}
	if status, _ := ask(t, twilio(t, base, "Body", strings.Repeat("ü", 1600))); status != http.StatusCreated {
		t.Errorf("1600 characters: answered %d", status)
	}
}

func TestSegments(t *testing.T) {
	_, base := start(t)
	for text, want := range map[string]string{
		strings.Repeat("x", 160): "1", strings.Repeat("x", 161): "2", strings.Repeat("x", 307): "3", strings.Repeat("€", 80): "1", strings.Repeat("€", 81): "2",
		strings.Repeat("梅", 70): "1", strings.Repeat("梅", 71): "2", strings.Repeat("😀", 35): "1", strings.Repeat("😀", 36): "2",
	} {
		if _, got := ask(t, twilio(t, base, "Body", text)); got["num_segments"] != want {
			t.Errorf("%d of %.4s…: %v segments, not %s", len([]rune(text)), text, got["num_segments"], want)
		}
	}
}

func TestTheWebhook(t *testing.T) {
	sink, base := start(t)
	good := `{"to":"` + mei + `","text":"hello"}`
	hook := func(method, kind, header, body string) *http.Request {
		r := request(t, method, base+sms.WebhookPath, kind, body)
		r.Header.Set("Authorization", header)
		return r
	}
	for name, c := range map[string]struct {
		request *http.Request
		status  int
	}{
		"wrong header":  {hook("POST", "application/json", "Bearer wrong", good), 401},
		"no header":     {hook("POST", "application/json", "", good), 401},
		"GET":           {hook("GET", "application/json", "Bearer demo", good), 405},
		"form":          {hook("POST", "application/x-www-form-urlencoded", "Bearer demo", good), 415},
		"not JSON":      {hook("POST", "application/json", "Bearer demo", "to=x"), 400},
		"another field": {hook("POST", "application/json", "Bearer demo", `{"to":"`+mei+`","text":"x","body":"y"}`), 400},
		"two messages":  {hook("POST", "application/json", "Bearer demo", good+good), 400},
		"national":      {hook("POST", "application/json", "Bearer demo", `{"to":"5550123","text":"x"}`), 422},
		"no text":       {hook("POST", "application/json", "Bearer demo", `{"to":"`+mei+`"}`), 422},
		"too much":      {hook("POST", "application/json", "Bearer demo", `{"to":"`+mei+`","text":"`+strings.Repeat("x", 1601)+`"}`), 422},
		"far too much":  {hook("POST", "application/json", "Bearer demo", `{"to":"`+mei+`","text":"`+strings.Repeat("x", 65<<10)+`"}`), 400},
		"another header": {func() *http.Request {
			r := hook("POST", "application/json", "", good)
			r.SetBasicAuth(account, token)
			return r
		}(), 401},
	} {
		if status, got := ask(t, c.request); status != c.status || got["error"] == nil {
			t.Errorf("%s: answered %d, %v", name, status, got)
		}
	}
	sink.Throttle(true)
	if status, _ := ask(t, hook("POST", "application/json", "Bearer demo", good)); status != http.StatusTooManyRequests {
		t.Errorf("throttled: answered %d", status)
	}
	sink.Throttle(false)
	if len(sink.Messages(mei)) != 0 {
		t.Error("what was refused has come")
	}
	if status, _ := ask(t, hook("POST", "application/json; charset=utf-8", "Bearer demo", good)); status != http.StatusAccepted {
		t.Errorf("answered %d", status)
	}
	if all := sink.Messages(mei); len(all) != 1 || all[0].Text != "hello" || all[0].From != "" {
		t.Errorf("the phone has %+v", all)
	}
}

func TestOneWaitsForMessagesAndTheOldestGo(t *testing.T) {
	sink, base := start(t)
	done := make(chan error, 1)
	go func() {
		_, err := sink.Wait(t.Context(), mei, 1)
		done <- err
	}()
	for i := range 101 {
		if status, _ := ask(t, twilio(t, base, "Body", fmt.Sprint(i))); status != http.StatusCreated {
			t.Fatalf("answered %d", status)
		}
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if all := sink.Messages(mei); len(all) != 100 || all[0].Text != "1" || all[99].Text != "100" {
		t.Errorf("%d are kept, from %s on", len(all), all[0].Text)
	}
	for i := range 950 {
		ask(t, twilio(t, base, "To", fmt.Sprintf("+1312555%04d", i)))
	}
	if all := sink.Messages(mei); len(all) != 50 {
		t.Errorf("%d are kept where all may have 1000", len(all))
	}
	soon, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if all, err := sink.Wait(soon, "+13125559999", 1); !errors.Is(err, context.DeadlineExceeded) || len(all) != 0 {
		t.Errorf("waiting gave %v, %v", all, err)
	}
}

func TestAGatewayNeedsItsParts(t *testing.T) {
	for _, o := range []sms.Options{{}, {AccountSID: account, AuthToken: token, From: "5550100", Header: "A", HeaderValue: "b"}, {AccountSID: account, AuthToken: token, From: from}} {
		if _, err := sms.New(o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}

// TestTheGatewayFailsAsItIsTold: the stories on what the bot says of it stand on this.
func TestTheGatewayFailsAsItIsTold(t *testing.T) {
	sink, base := start(t)
	sink.Refuse(mei, 21610)
	if status, body := ask(t, twilio(t, base)); status != http.StatusBadRequest || body["code"] != 21610.0 {
		t.Errorf("an unsubscribed phone: %d %v", status, body)
	}
	sink.Refuse(mei, 30003)
	if status, body := ask(t, twilio(t, base)); status != http.StatusCreated || body["status"] != "failed" || body["error_code"] != 30003.0 {
		t.Errorf("a phone that is off: %d %v", status, body)
	}
	sink.Refuse(mei, 0)
	sink.Fail(sms.Trouble{Status: http.StatusInternalServerError, Headers: map[string]string{"Retry-After": "7"}, Body: `{"oh": "no"}`})
	if status, body := ask(t, twilio(t, base)); status != http.StatusInternalServerError || body["oh"] != "no" {
		t.Errorf("an ill gateway: %d %v", status, body)
	}
	sink.Fail(sms.Trouble{Delay: time.Minute})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if resp, err := http.DefaultClient.Do(twilio(t, base).WithContext(ctx)); err == nil {
		_ = resp.Body.Close()
		t.Error("a slow gateway answered at once")
	}
	if got := sink.Messages(mei); len(got) != 0 {
		t.Errorf("delivered all the same: %v", got)
	}
	sink.Fail(sms.Trouble{})
	if status, _ := ask(t, twilio(t, base)); status != http.StatusCreated || len(sink.Messages(mei)) != 1 {
		t.Errorf("once mended: %d", status)
	}
}

func TestTheAccountCanBeRead(t *testing.T) {
	_, base := start(t)
	read := func(sid, token string) (int, map[string]any) {
		r := request(t, http.MethodGet, base+"/2010-04-01/Accounts/"+sid+".json", "", "")
		r.SetBasicAuth(account, token)
		return ask(t, r)
	}
	if status, body := read(account, token); status != http.StatusOK || body["sid"] != account || body["status"] != "active" {
		t.Errorf("with the right token: %d %v", status, body)
	}
	if status, body := read(account, "wrong"); status != http.StatusUnauthorized || body["code"] != 20003.0 {
		t.Errorf("with a wrong token: %d %v", status, body)
	}
	if status, _ := read("AC2", token); status != http.StatusNotFound {
		t.Errorf("another's account: %d", status)
	}
}
