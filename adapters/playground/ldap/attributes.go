package ldap

// The arcs under which the attribute types are registered.
const (
	x500      = "2.5.4."
	cosine    = "0.9.2342.19200300.100.1."
	netscape  = "2.16.840.1.113730.3.1."
	microsoft = "1.2.840.113556.1."
	behera    = "1.3.6.1.4.1.42.2.27.8.1." // draft-behera-ldap-password-policy-10
)

// commonAttributes are those of both flavours (RFC 4519, RFC 4524, RFC 2798).
func commonAttributes() []attribute {
	return []attribute{
		{"objectClass", x500 + "0", identifier, several},
		{"cn", x500 + "3", text, several}, {"sn", x500 + "4", text, several},
		{"c", x500 + "6", text, 0}, {"l", x500 + "7", text, several}, {"st", x500 + "8", text, several},
		{"street", x500 + "9", text, several}, {"o", x500 + "10", text, several}, {"ou", x500 + "11", text, several},
		{"title", x500 + "12", text, several}, {"description", x500 + "13", text, several},
		{"telephoneNumber", x500 + "20", text, several}, {"member", x500 + "31", naming, several},
		{"givenName", x500 + "42", text, several}, {"dc", cosine + "25", text, 0},
		{"uid", cosine + "1", text, several}, {"mail", cosine + "3", text, several},
		{"manager", cosine + "10", naming, several}, {"mobile", cosine + "41", text, several},
		{"pager", cosine + "42", text, several}, {"displayName", netscape + "241", text, 0},
		{"employeeNumber", netscape + "3", text, 0}, {"employeeType", netscape + "4", text, several},
		{"departmentNumber", netscape + "2", text, several},
		{"subschemaSubentry", "2.5.18.10", naming, hidden | system | computed},
		{"attributeTypes", "2.5.21.5", text, hidden | system | several},
		{"memberOf", microsoft + "2.102", naming, several | system | computed | found},
	}
}

// activeDirectoryAttributes are those of MS-ADA1 to MS-ADA3 that the demo has a use for.
func activeDirectoryAttributes() []attribute {
	return []attribute{
		{"distinguishedName", x500 + "49", naming, system | computed | found}, {"name", microsoft + "4.1", text, system},
		{"objectGUID", microsoft + "4.2", octets, system}, {"objectSid", microsoft + "4.146", octets, system},
		{"objectCategory", microsoft + "4.782", naming, 0}, {"instanceType", microsoft + "2.1", integer, system},
		{"whenCreated", microsoft + "2.2", moment, system}, {"whenChanged", microsoft + "2.3", moment, system},
		{"sAMAccountName", microsoft + "4.221", text, 0}, {"userPrincipalName", microsoft + "4.656", text, 0},
		{"sAMAccountType", microsoft + "4.302", integer, system}, {"userAccountControl", microsoft + "4.8", integer, 0},
		{"accountExpires", microsoft + "4.159", integer, 0}, {"pwdLastSet", microsoft + "4.96", integer, 0},
		{"lockoutTime", microsoft + "4.662", integer, 0}, {"badPwdCount", microsoft + "4.12", integer, system},
		{"badPasswordTime", microsoft + "4.49", integer, system}, {"lastLogon", microsoft + "4.52", integer, system},
		{"logonCount", microsoft + "4.169", integer, system}, {"primaryGroupID", microsoft + "4.98", integer, 0},
		{"groupType", microsoft + "4.750", integer, 0}, {"department", microsoft + "2.141", text, 0},
		{"company", microsoft + "2.146", text, 0}, {"employeeID", microsoft + "4.35", text, 0},
		{"info", microsoft + "2.81", text, 0}, {"adminCount", microsoft + "4.150", integer, 0},
		{"fSMORoleOwner", microsoft + "4.369", naming, 0}, {"nETBIOSName", microsoft + "4.87", text, 0},
		{"nCName", microsoft + "2.16", naming, 0}, {"dnsRoot", microsoft + "4.28", text, several},
		{"dNSHostName", microsoft + "4.619", text, 0}, {"lDAPDisplayName", microsoft + "2.460", text, 0},
		{"attributeSecurityGUID", microsoft + "4.149", octets, 0}, {"searchFlags", microsoft + "2.334", integer, 0},
		{"lockoutDuration", microsoft + "4.60", integer, 0}, {"lockoutThreshold", microsoft + "4.73", integer, 0},
		{"lockOutObservationWindow", microsoft + "4.61", integer, 0}, {"maxPwdAge", microsoft + "4.74", integer, 0},
		{"minPwdAge", microsoft + "4.78", integer, 0}, {"minPwdLength", microsoft + "4.79", integer, 0},
		{"msDS-User-Account-Control-Computed", microsoft + "4.1460", integer, hidden | system | computed},
		{"msDS-UserPasswordExpiryTimeComputed", microsoft + "4.1996", integer, hidden | system | computed},
		{"msDS-ResultantPSO", microsoft + "4.2022", naming, hidden | system | computed},
		{"allowedAttributesEffective", microsoft + "4.914", identifier, hidden | system | computed | several},
		{"canonicalName", microsoft + "4.916", text, hidden | system | computed},
		{"primaryGroupToken", microsoft + "4.1412", integer, hidden | system | computed},
		{"tokenGroups", microsoft + "4.1301", octets, hidden | system | computed | several},
	}
}

// openLDAPAttributes are those of the overlay ppolicy and of slapd itself.
func openLDAPAttributes() []attribute {
	const kept = hidden | system
	return []attribute{
		{"uniqueMember", x500 + "50", naming, several}, {"owner", x500 + "32", naming, several},
		{"entryUUID", "1.3.6.1.1.16.4", identifier, kept}, {"entryDN", "1.3.6.1.1.20", naming, kept | computed | found},
		{"structuralObjectClass", "2.5.21.9", identifier, kept}, {"hasSubordinates", "2.5.18.9", boolean, kept | computed},
		{"createTimestamp", "2.5.18.1", moment, kept}, {"modifyTimestamp", "2.5.18.2", moment, kept},
		{"memberOf", microsoft + "2.102", naming, kept | computed | found | several},
		{"pwdAttribute", behera + "1", identifier, 0}, {"pwdMaxAge", behera + "3", integer, 0},
		{"pwdLockout", behera + "9", boolean, 0}, {"pwdLockoutDuration", behera + "10", integer, 0},
		{"pwdMaxFailure", behera + "11", integer, 0}, {"pwdFailureCountInterval", behera + "12", integer, 0},
		{"pwdMustChange", behera + "13", boolean, 0}, {"pwdMaxIdle", behera + "26", integer, 0},
		{"pwdChangedTime", behera + "16", moment, kept}, {"pwdAccountLockedTime", behera + "17", moment, hidden},
		{"pwdFailureTime", behera + "19", moment, kept | several}, {"pwdReset", behera + "22", boolean, hidden},
		{"pwdPolicySubentry", behera + "23", naming, hidden}, {"pwdStartTime", behera + "27", moment, hidden},
		{"pwdEndTime", behera + "28", moment, hidden}, {"pwdLastSuccess", behera + "29", moment, kept},
	}
}
