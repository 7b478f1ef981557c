package teams

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// mri is the id of a person as activities name it; another one for each bot.
func (t *Tenant) mri(user string) string {
	return "29:1" + strings.ReplaceAll(user, "-", "_") + "/x"
}

func (t *Tenant) botID() string { return "28:" + t.opts.AppID }

// MRI is the id by which activities name a user.
func (t *Tenant) MRI(user string) string { return t.mri(user) }

// userByID finds a user by MRI, aadObjectId, UPN or mail. The caller holds mu.
func (t *Tenant) userByID(id string) (User, bool) {
	for _, u := range t.users {
		if id != "" && (id == t.mri(u.ID) || !u.Anonymous && (strings.EqualFold(id, u.ID) ||
			strings.EqualFold(id, u.UPN) || strings.EqualFold(id, u.Email))) {
			return u, true
		}
	}
	return User{}, false
}

// inside lists who is in a conversation. The caller holds mu.
func (t *Tenant) inside(room *room) []User {
	var out []User
	for _, u := range t.users {
		if room.has(u.ID) {
			out = append(out, u)
		}
	}
	slices.SortFunc(out, func(a, b User) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

func (t *Tenant) members(conversation string, paged bool) reply {
	room, out := t.find(conversation)
	if room == nil {
		return out
	}
	all := []any{}
	for _, u := range t.inside(room) {
		all = append(all, t.account(u, "objectId"))
	}
	if paged {
		return reply{status: http.StatusOK, body: map[string]any{"members": all}}
	}
	return reply{status: http.StatusOK, body: all}
}

func (t *Tenant) member(conversation, id string) reply {
	room, out := t.find(conversation)
	if room == nil {
		return out
	}
	u, known := t.userByID(id)
	if !known || !room.has(u.ID) {
		return refuse(http.StatusNotFound, "MemberNotFoundInConversation", "The member was not found in the conversation.")
	}
	key := "aadObjectId" // both spellings occur
	if len(u.Name)%2 == 0 {
		key = "objectId"
	}
	return reply{status: http.StatusOK, body: t.account(u, key)}
}

// account is a person as the roster shows her.
func (t *Tenant) account(u User, key string) map[string]any {
	out := map[string]any{"id": t.mri(u.ID), "name": u.Name, "userRole": u.role(), "tenantId": t.tenantOf(u)}
	if u.Anonymous {
		return out
	}
	given, surname, _ := strings.Cut(u.Name, " ")
	out[key], out["givenName"], out["surname"] = u.ID, given, surname
	out["email"], out["userPrincipalName"] = u.Email, u.UPN
	return out
}

func (t *Tenant) tenantOf(u User) string { return cmp.Or(u.TenantID, t.opts.TenantID) }
