package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"latchkey/adapters/teams/identity"
	"latchkey/cmd/latchkey/config"
)

// A cloud is chosen by its name; a single address counts before the cloud's.
func TestTeamsCloud(t *testing.T) {
	p := &program{}
	at := func(c *config.TeamsCloud) identity.Cloud {
		got, err := p.teamsConfig(&config.Config{Teams: &config.Teams{TenantID: "T-1", Cloud: c}})
		if err != nil {
			t.Fatal(err)
		}
		return got.Cloud
	}
	high := identity.Cloud{TokenURL: "https://login.microsoftonline.us/t-1/oauth2/v2.0/token", Scope: "https://api.botframework.us/.default", Issuer: "https://api.botframework.us",
		MetadataURL: "https://login.botframework.azure.us/v1/.well-known/openidconfiguration", ServiceHosts: []string{"smba.infra.gov.teams.microsoft.us"}}
	if diff := cmp.Diff(high, at(&config.TeamsCloud{Name: "gcchigh"})); diff != "" {
		t.Errorf("gcchigh (-want +got):\n%s", diff)
	}
	high.Issuer, high.ServiceHosts = "https://own.example", []string{"teams.example"}
	if diff := cmp.Diff(high, at(&config.TeamsCloud{Name: "gcchigh", Issuer: "https://own.example", ServiceHosts: []string{"teams.example"}})); diff != "" {
		t.Errorf("gcchigh with addresses of its own (-want +got):\n%s", diff)
	}
	if got := at(nil); got.Issuer != "https://api.botframework.com" || got.ServiceHosts[0] != "smba.trafficmanager.net" {
		t.Errorf("without the section: %+v", got)
	}
}
