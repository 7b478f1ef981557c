package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"time"

	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
)

// A request of Slack's is taken within five minutes of its signature's time; an
// authenticator's code is one of a 30 s step.
const (
	clockFault   = 5 * time.Minute
	clockWarning = 10 * time.Second
)

// clock compares this machine's clock with that of Slack's answers.
func (p *program) clock(cfg *config.Config) attempt {
	return func(ctx context.Context) []bot.Finding {
		if cfg.Slack == nil {
			return nil
		}
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, cfg.Slack.APIURL.String()+"api.test", nil)
		if err != nil {
			return broken("clock", err, "")
		}
		sent := p.now()
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			return []bot.Finding{{Part: "clock", Level: bot.LevelWarning, What: "could not be compared with Slack's, which does not answer"}}
		}
		_ = answer.Body.Close()
		theirs, err := http.ParseTime(answer.Header.Get("Date"))
		if err != nil {
			return []bot.Finding{{Part: "clock", Level: bot.LevelWarning, What: "could not be compared: the answer of slack.api_url has no date"}}
		}
		return []bot.Finding{judge(sent.Sub(theirs))}
	}
}

// judge says how a clock differs. HTTP tells whole seconds alone.
func judge(ahead time.Duration) bot.Finding {
	f := bot.Finding{Part: "clock", Level: bot.LevelOK, What: "agrees with Slack's"}
	off := ahead.Abs()
	way := "ahead of"
	if ahead < 0 {
		way = "behind"
	}
	if off >= clockWarning {
		f.Level, f.Mend = bot.LevelWarning, "Run an NTP client, such as chrony"
		f.What = fmt.Sprintf("is %s %s Slack's: authenticator codes are taken for wrong, and beyond five minutes all that Slack sends is refused", off.Round(time.Second), way)
	}
	if off >= clockFault {
		f.Level = bot.LevelFault
		f.What = fmt.Sprintf("is %s %s Slack's: all that Slack sends is refused, since its signatures are good for five minutes, and authenticator codes are taken for wrong", off.Round(time.Second), way)
	}
	return f
}

// certificate tries the certificate of server.tls.
func certificate(cfg *config.Config, now func() time.Time) attempt {
	return func(context.Context) []bot.Finding {
		pair, err := keyPair(cfg)
		switch {
		case err != nil:
			return broken("certificate", err, "")
		case pair == nil:
			return nil
		}
		f := bot.Finding{Part: "certificate", Level: bot.LevelOK, What: "good until " + pair.Leaf.NotAfter.UTC().Format(time.DateOnly)}
		switch left := pair.Leaf.NotAfter.Sub(now()); {
		case left <= 0:
			f = bot.Finding{Part: "certificate", Level: bot.LevelFault, What: "ran out on " + pair.Leaf.NotAfter.UTC().Format(time.DateOnly), Mend: "Renew it"}
		case left < 14*24*time.Hour:
			f.Level, f.Mend = bot.LevelWarning, "Renew it"
		}
		return []bot.Finding{f}
	}
}

// keyPair reads the certificate of server.tls; nil where there is none.
func keyPair(cfg *config.Config) (*tls.Certificate, error) {
	t := cfg.Server.TLS
	if t == nil {
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(t.Certificate, t.Key)
	if err != nil {
		return nil, &bot.Error{Kind: bot.Invalid, Op: "read server.tls", Err: err,
			Text: "server.tls cannot be used: " + err.Error() + ". Name a certificate and its key, both in PEM."}
	}
	return &pair, nil
}
