const ADMINS = new Set(["owner", "admin"]);

// Who may do what in a group, as far as the page offers it: the table of the server's rules.
export function isAdmin(role) {
  return ADMINS.has(role);
}
