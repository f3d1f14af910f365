const ADMINS = new Set(["owner", "admin"]);

// Who may do what in a group, as far as the page offers it: the table of the server's rules.
export function isAdmin(role) {
  return ADMINS.has(role);
}

// The roles that the reader may give to a member: only owners give them, and the last owner stays one.
export function rolesToGive({ roster, role }, userId) {
  const given = roster.roleOf(userId);
  return role === "owner" && !roster.isLastOwner(userId)
    ? ["owner", "admin", "member"].filter((other) => other !== given)
    : [];
}

// Oneself one does not remove: one leaves.
export function mayRemove({ roster, role, userId: reader }, userId) {
  return userId !== reader && (role === "owner" || (role === "admin" && roster.roleOf(userId) !== "owner"));
}
