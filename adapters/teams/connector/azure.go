package connector

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"golang.org/x/oauth2"

	"latchkey/bot"
)

// azure gives tokens by a certificate or a federated credential. The login is
// the host of the cloud's token address: https alone.
func azure(cfg Config, client *http.Client) (ask, error) {
	const op = "configure teams"
	login, err := url.Parse(cfg.Cloud.TokenURL)
	if err != nil || login.Scheme != "https" {
		return nil, bot.Ef(bot.Invalid, op, "teams.cloud.token_url has to be an https address for a certificate or a federated credential.")
	}
	options := azcore.ClientOptions{
		Cloud:     cloud.Configuration{ActiveDirectoryAuthorityHost: login.Scheme + "://" + login.Host + "/"},
		Transport: client, Retry: policy.RetryOptions{MaxRetries: 2, TryTimeout: callLife},
	}
	var credential azcore.TokenCredential
	if len(cfg.Certificate) > 0 {
		chain, key, err := azidentity.ParseCertificates(cfg.Certificate, nil)
		if err != nil {
			return nil, bot.Ef(bot.Invalid, op, "teams.certificate_file holds no certificate with its private key, both in PEM and without a password.")
		}
		credential, err = azidentity.NewClientCertificateCredential(cfg.Tenant, cfg.AppID, chain, key,
			&azidentity.ClientCertificateCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
		if err != nil {
			return nil, bot.Ef(bot.Invalid, op, "teams.certificate_file cannot be used: %v", err)
		}
	} else if credential, err = azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{
		ClientOptions: options, ClientID: cfg.AppID, TenantID: cfg.Tenant, TokenFilePath: cfg.FederatedToken, DisableInstanceDiscovery: true}); err != nil {
		return nil, bot.Ef(bot.Invalid, op, "teams.federated_token_file cannot be used: %v", err)
	}
	return func(ctx context.Context) (*oauth2.Token, error) {
		got, err := credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{cfg.Cloud.Scope}})
		if err != nil {
			return nil, azureFault(err)
		}
		return &oauth2.Token{AccessToken: got.Token, Expiry: got.ExpiresOn}, nil
	}, nil
}

// azureFault says the same as loginFault does. What azidentity says of it holds
// the whole answer, so only the number is kept.
func azureFault(err error) error {
	var refused *azidentity.AuthenticationFailedError
	if !errors.As(err, &refused) {
		return &bot.Error{Kind: bot.Unavailable, Op: loginOp, Text: "Microsoft's login does not give a token: see that teams.federated_token_file is there and the login can be reached.",
			Err: errors.New("azidentity")}
	}
	return refusedBy(aadsts.FindString(refused.Error()), "")
}

// left is how long a token is good, by the clock that judges it.
func left(t *oauth2.Token) time.Duration {
	if t.ExpiresIn > 0 {
		return time.Duration(t.ExpiresIn) * time.Second
	}
	return time.Until(t.Expiry)
}
